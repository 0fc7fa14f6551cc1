using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Analyzers.Shapes;

/// <summary>The shapes of a class's sparse layers, as far as the class says them by itself.</summary>
internal sealed class ClassShapes
{
    private readonly List<LayerShape> _shapes = [];
    private readonly List<string> _unknown = [];

    public ClassShapes(ModelReading model, CancellationToken cancellation)
    {
        IntegerReader integers = new(model.Compilation, cancellation);
        LinearFactory factory = model.Factory(cancellation);
        foreach (ReadMember layer in model.SparseLayers)
        {
            if (layer.Layers(model.Known) is not { } made)
            {
                _unknown.Add(Members.Quoted(layer.Member.Symbol));
                continue;
            }

            foreach (IGrouping<string, ContainerElement> values in made.GroupBy(static value => value.Path))
            {
                Add(layer, values, factory, integers, cancellation);
            }

            if (made.Count == 0 && layer.Content.IsLinear)
            {
                _unknown.Add(Members.Quoted(layer.Member.Symbol));
            }
        }
    }

    /// <summary>What the values of one layer say.</summary>
    private void Add(ReadMember layer, IGrouping<string, ContainerElement> values, LinearFactory factory, IntegerReader integers, CancellationToken cancellation)
    {
        List<LinearCall?> branches = [.. values.SelectMany(value => factory.Branches(value.Value))];
        List<LayerShape> shapes = [.. branches.OfType<LinearCall>().Select(call => Shape(layer, values.First(), call, integers, cancellation))];
        bool complete = branches.Count > 0
            && !layer.Member.IsWritableOutside
            && shapes.Count == branches.Count
            && shapes.All(static shape => shape.In is not null && shape.Out is not null);
        _shapes.AddRange(shapes);
        if (!complete)
        {
            _unknown.Add(Members.Quoted(layer.Member.Symbol, values.Key));
        }
    }

    /// <summary>One for each factory call, with what is known of it.</summary>
    public IReadOnlyList<LayerShape> All => _shapes;

    /// <summary>The names of the layers whose shape only the run can tell, at least in part.</summary>
    public IReadOnlyList<string> Unknown => _unknown;

    private static LayerShape Shape(ReadMember layer, ContainerElement made, LinearCall call, IntegerReader integers, CancellationToken cancellation) => new(
        layer,
        made,
        Feature(call.InFeatures, integers, cancellation),
        Feature(call.OutFeatures, integers, cancellation),
        call.Invocation.GetLocation())
    {
        Taps = call.Taps,
    };

    private static Feature? Feature(FeatureCount count, IntegerReader integers, CancellationToken cancellation)
    {
        if ((count.Constant ?? integers.Read(count.Operation(cancellation))) is not { } value || !Features.IsOne(value))
        {
            return null;
        }

        // The literal's own number is the feature.
        return new Feature(value, IsDecidedHere: true, count.Syntax.GetLocation(), () =>
            integers.Literal(count.Operation(cancellation)) is LiteralExpressionSyntax literal
                ? new SourceNumber(literal.GetLocation(), value, static (number, _) => number)
                : null);
    }
}
