using System;
using System.Threading;
using BiMaskGen.Generators.Model;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Analyzers.Shapes;

/// <summary>in_features or out_features of a layer, or its channels, where they are known.</summary>
/// <param name="Value">The number.</param>
/// <param name="IsDecidedHere">Whether it is known because of this place: a constructor call does not repeat what the class says by itself.</param>
/// <param name="Location">The argument that it comes from.</param>
/// <param name="FindSource">Finds the number in the source that decides it: what is right needs none.</param>
internal sealed record Feature(long Value, bool IsDecidedHere, Location Location, Func<SourceNumber?>? FindSource)
{
    /// <summary>The number in the source that decides it, or null.</summary>
    public SourceNumber? Source => FindSource?.Invoke();

    /// <summary>So many times the feature.</summary>
    public Feature Times(int factor) => factor == 1 ? this : new(
        Value * factor,
        IsDecidedHere,
        Location,
        () => Source is { } source ? source with { FeatureFor = (number, cancellation) => source.FeatureFor(number, cancellation) * factor } : null);
}

/// <summary>A number in the source, and the feature that another number in its place would give.</summary>
internal sealed record SourceNumber(Location Literal, long Value, Func<long, CancellationToken, long?> FeatureFor)
{
    // More than the widest pattern and tile together: a sum of multiples comes round by then.
    private const int Reach = 512;

    /// <summary>The nearest numbers that make the feature a multiple; null where there is none above.</summary>
    public Replacement? ToMultipleOf(int step, CancellationToken cancellation) =>
        Nearest(step, +1, cancellation) is { } up ? new Replacement(Literal, Nearest(step, -1, cancellation), up) : null;

    private long? Nearest(int step, int direction, CancellationToken cancellation)
    {
        for (long distance = 1; distance <= Reach; distance++)
        {
            long candidate = Value + (direction * distance);
            if (candidate <= 0)
            {
                return null;
            }

            if (FeatureFor(candidate, cancellation) is { } feature and > 0 && feature % step == 0)
            {
                return candidate;
            }
        }

        return null;
    }
}

/// <summary>The shape that one factory call gives a sparse layer, as a class or a constructor call decides it.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Made">What the class puts in: its name in the container that the layer is an element of, empty for a layer of its own, and its type.</param>
/// <param name="In">in_features, or in_channels; null where unknown.</param>
/// <param name="Out">out_features, or out_channels; null where unknown.</param>
/// <param name="Location">The factory call, or the constructor call's argument.</param>
internal sealed record LayerShape(ReadMember Layer, ContainerElement Made, Feature? In, Feature? Out, Location Location)
{
    /// <summary>Its name in a container, or nothing.</summary>
    public string Element => Made.Path;

    /// <summary>What messages call it, "'Mlp.fc1'" or "'Mlp.net.0'".</summary>
    public string Name => Members.Quoted(Layer.Member.Symbol, Element);

    public SparseOptions Options => Layer.Options!;

    /// <summary>Entries of a convolution's kernel, null where unknown; 1 of a Linear.</summary>
    public int? Taps { get; init; } = 1;

    public bool IsConvolution => Made.Type?.Name is ConvFactory.Conv1d or ConvFactory.Conv2d;

    /// <summary>"in_features", and what else the numbers are called.</summary>
    public string InName => IsConvolution ? "in_channels" : "in_features";

    public string OutName => IsConvolution ? "out_channels" : "out_features";

    /// <summary>Whether a convolution's groups run over the taps of its kernel.</summary>
    public bool IsFlattened => IsConvolution && Options.ConvGrouping != SparseOptions.Channels;

    /// <summary>What groups of M have to divide: channels of a tap, or all that a flattened convolution multiplies.</summary>
    public Feature? Grouped => IsFlattened ? Columns : In;

    /// <summary>Columns of the weight as a matrix.</summary>
    public Feature? Columns => Taps is { } taps ? In?.Times(taps) : null;

    /// <summary>Whether both numbers are known, and one of them because of this place.</summary>
    public bool IsDecidedHere => In is not null && Out is not null && (In.IsDecidedHere || Out.IsDecidedHere);
}
