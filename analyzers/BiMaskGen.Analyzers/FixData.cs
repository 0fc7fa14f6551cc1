using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Analyzers;

/// <summary>A number in the source that would be another one: the nearest that is right below, if there is one, and above.</summary>
/// <param name="Literal">Where the number stands.</param>
/// <param name="Down">The next lower one that is right, or null.</param>
/// <param name="Up">The next higher one that is right.</param>
internal readonly record struct Replacement(Location Literal, long? Down, long Up);

/// <summary>
/// What a rule tells the fixes: numbers to replace, and members that could stay dense. Travels in a diagnostic's properties and additional
/// locations, first those of the numbers, then those of the members.
/// </summary>
internal static class FixData
{
    /// <summary>Replace numbers by the next lower ones that are right.</summary>
    public const string Down = nameof(Down);

    /// <summary>Replace numbers by the next higher ones that are right.</summary>
    public const string Up = nameof(Up);

    /// <summary>Why a call stays plain, one of <see cref="Generators.Parsing.PlainReasons"/>.</summary>
    public const string PlainReason = nameof(PlainReason);

    /// <summary>The named argument to drop from an attribute.</summary>
    public const string Option = nameof(Option);

    /// <summary>The pattern to write into an attribute, "2:4".</summary>
    public const string Pattern = nameof(Pattern);

    /// <summary>Present where <c>partial</c> would help.</summary>
    public const string CanBePartial = nameof(CanBePartial);

    private const string Separator = ";";

    /// <summary>What a rule said about one thing, or null.</summary>
    public static string? Value(Diagnostic diagnostic, string key) => diagnostic.Properties.TryGetValue(key, out string? value) ? value : null;

    /// <summary>The numbers to write for a direction, in the order of the first additional locations; empty where there are none.</summary>
    public static string[] Numbers(Diagnostic diagnostic, string direction) =>
        Value(diagnostic, direction) is { Length: > 0 } numbers ? numbers.Split(Separator[0]) : [];

    /// <summary>Where the numbers stand that are to be replaced.</summary>
    public static IEnumerable<Location> Literals(Diagnostic diagnostic) => diagnostic.AdditionalLocations.Take(Numbers(diagnostic, Up).Length);

    /// <summary>Where the members are declared that could stay dense.</summary>
    public static IEnumerable<Location> DenseMembers(Diagnostic diagnostic) => diagnostic.AdditionalLocations.Skip(Numbers(diagnostic, Up).Length);

    /// <summary>A diagnostic with what its fixes need.</summary>
    public static Diagnostic Create(
        DiagnosticDescriptor rule,
        Location location,
        IReadOnlyCollection<Replacement> numbers,
        IEnumerable<Location> members,
        params object[] messageArguments)
    {
        ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty;
        if (numbers.Count > 0)
        {
            properties = properties.Add(Up, Join(numbers.Select(static number => number.Up)));
            if (numbers.All(static number => number.Down is not null))
            {
                properties = properties.Add(Down, Join(numbers.Select(static number => number.Down!.Value)));
            }
        }

        IEnumerable<Location> additional = numbers.Select(static number => number.Literal).Concat(members);
        return Diagnostic.Create(rule, location, additional, properties, messageArguments);
    }

    /// <summary>A diagnostic that a member could answer by staying dense.</summary>
    public static Diagnostic KeepDense(DiagnosticDescriptor rule, Location location, Location member, params object[] messageArguments) =>
        Create(rule, location, [], [member], messageArguments);

    /// <summary>Properties with one entry, or none.</summary>
    public static ImmutableDictionary<string, string?> With(string key, string? value) =>
        value is null ? ImmutableDictionary<string, string?>.Empty : ImmutableDictionary<string, string?>.Empty.Add(key, value);

    private static string Join(IEnumerable<long> numbers) =>
        string.Join(Separator, numbers.Select(static number => number.ToString(CultureInfo.InvariantCulture)));
}
