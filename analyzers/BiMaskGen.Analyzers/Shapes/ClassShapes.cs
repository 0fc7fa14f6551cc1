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
    private readonly List<ReadMember> _unknown = [];

    public ClassShapes(ModelReading model, CancellationToken cancellation)
    {
        IntegerReader integers = new(model.Compilation, cancellation);
        LinearFactory factory = model.Factory(cancellation);
        foreach (ReadMember layer in model.SparseLayers)
        {
            List<LinearCall?> branches = [.. layer.Assigned.SelectMany(value => factory.Branches(factory.Read(value).Operation))];
            List<LayerShape> shapes = [.. branches.OfType<LinearCall>().Select(call => Shape(layer, call, integers))];
            bool complete = branches.Count > 0
                && !layer.Member.IsWritableOutside
                && shapes.Count == branches.Count
                && shapes.All(static shape => shape.In is not null && shape.Out is not null);
            _shapes.AddRange(shapes);
            if (!complete)
            {
                _unknown.Add(layer);
            }
        }
    }

    /// <summary>One for each factory call, with what is known of it.</summary>
    public IReadOnlyList<LayerShape> All => _shapes;

    /// <summary>The layers whose shape only the run can tell, at least in part.</summary>
    public IReadOnlyList<ReadMember> Unknown => _unknown;

    private static LayerShape Shape(ReadMember layer, LinearCall call, IntegerReader integers) => new(
        layer,
        Feature(call.InFeatures, integers),
        Feature(call.OutFeatures, integers),
        call.Invocation.Syntax.GetLocation());

    private static Feature? Feature(IOperation operation, IntegerReader integers)
    {
        if (integers.Read(operation) is not { } value || !Features.IsOne(value))
        {
            return null;
        }

        // The literal's own number is the feature.
        SourceNumber? source = integers.Literal(operation) is LiteralExpressionSyntax literal
            ? new SourceNumber(literal.GetLocation(), value, static (number, _) => number)
            : null;
        return new Feature(value, IsDecidedHere: true, operation.Syntax.GetLocation(), source);
    }
}
