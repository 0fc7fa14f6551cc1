using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Generators.Parsing;

/// <summary>
/// The classes that <c>Reach = Children</c> leads to from a class: module classes of this assembly without an attribute of their own, by the types of
/// members and their elements, by what the code creates, and by inheritance; on from each of them in the same way. Which instances are covered is decided
/// at run time, so one class too many costs a question at its calls, and one that the source does not show stays dense and is reported.
/// </summary>
internal sealed class ReachedClasses
{
    public static readonly ReachedClasses None = new();

    private readonly Dictionary<INamedTypeSymbol, ModelReading> _readings = new(SymbolEqualityComparer.Default);
    private readonly List<ModelReading> _inOrder = [];

    private ReachedClasses()
    {
    }

    /// <summary>The classes, each read as if the attribute above stood on it.</summary>
    public IReadOnlyList<ModelReading> All => _inOrder;

    public ModelReading? Find(INamedTypeSymbol type) => _readings.TryGetValue(type, out ModelReading? reading) ? reading : null;

    /// <summary>What can be reached from a class that says so; none from every other.</summary>
    public static ReachedClasses From(ModelReading top, CancellationToken cancellation)
    {
        if (top.ReachOptions is not { } options)
        {
            return None;
        }

        ReachedClasses reached = new();
        reached.Add(top, options, cancellation);
        return reached;
    }

    /// <summary>What can be reached from one of the classes, itself included: the same whatever class led to it.</summary>
    public static ReachedClasses Below(ModelReading covered, SparseOptions options, CancellationToken cancellation)
    {
        ReachedClasses reached = new();
        reached._readings.Add(covered.Type, covered);
        reached._inOrder.Add(covered);
        reached.Add(covered, options, cancellation);
        return reached;
    }

    private void Add(ModelReading start, SparseOptions options, CancellationToken cancellation)
    {
        Queue<ModelReading> open = new([start]);
        while (open.Count > 0)
        {
            ModelReading reading = open.Dequeue();
            foreach (INamedTypeSymbol type in Candidates(reading, cancellation))
            {
                if (!_readings.ContainsKey(type) && CanBeCovered(type, reading))
                {
                    ModelReading found = ModelReading.Covered(type, options, reading.Compilation, reading.Known, cancellation);
                    _readings.Add(type, found);
                    _inOrder.Add(found);
                    open.Enqueue(found);
                }
            }
        }
    }

    private static bool CanBeCovered(INamedTypeSymbol type, ModelReading from) =>
        type is { TypeKind: TypeKind.Class, DeclaringSyntaxReferences.IsEmpty: false }
        && KnownTypes.Same(type.ContainingAssembly, from.Type.ContainingAssembly)
        && AnnotatedClass.ProblemOf(type, from.Known) == ClassProblem.None
        && !AnnotatedClass.IsFileLocal(type)
        && AnnotatedClass.Trigger(type, from.Known) is null;

    private static IEnumerable<INamedTypeSymbol> Candidates(ModelReading reading, CancellationToken cancellation)
    {
        IEnumerable<ITypeSymbol?> held = reading.Members
            .Where(static member => !member.Member.IsKeptDense)
            .SelectMany(static member => new[] { member.Member.Type, member.Content.Type }
                .Concat(member.Content.Container?.Elements?.Select(static element => element.Type) ?? []));
        return held.SelectMany(WithArguments).Concat(Created(reading, cancellation)).Append(reading.Type.BaseType!).OfType<INamedTypeSymbol>();
    }

    private static IEnumerable<ITypeSymbol> WithArguments(ITypeSymbol? type) =>
        type is INamedTypeSymbol named ? named.TypeArguments.SelectMany(WithArguments).Prepend(named) : [];

    /// <summary>The classes that the code of a class creates by name.</summary>
    private static IEnumerable<ITypeSymbol> Created(ModelReading reading, CancellationToken cancellation) => reading.Sources
        .SelectMany(source => source.Declaration.DescendantNodes().OfType<ObjectCreationExpressionSyntax>()
            .Select(creation => source.Model.GetSymbolInfo(creation.Type, cancellation).Symbol))
        .OfType<ITypeSymbol>();
}
