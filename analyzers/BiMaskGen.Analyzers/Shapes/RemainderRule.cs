using System.Globalization;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Analyzers.Shapes;

/// <summary>A feature count that is no multiple of M leaves the last group of N:M incomplete.</summary>
public abstract class RemainderRule : ShapeRule
{
    private protected abstract Feature? Of(LayerShape shape);

    /// <summary>What the number is called, and where its groups end.</summary>
    private protected abstract (string Name, string Place) Words(LayerShape shape);

    private protected sealed override Finding? Check(LayerShape shape, Target target, CancellationToken cancellation)
    {
        int m = shape.Options.M;
        if (Of(shape) is not { IsDecidedHere: true } feature || feature.Value % m == 0)
        {
            return null;
        }

        (string name, string place) = Words(shape);
        return new Finding(
            feature.Location,
            feature.Source?.ToMultipleOf(m, cancellation) is { } number ? [number] : [],
            feature.Value.ToString(CultureInfo.InvariantCulture),
            m,
            Features.Around(feature.Value, m),
            feature.Value % m,
            name,
            place);
    }
}
