using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BiMaskGen.Analyzers.Shapes;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers.Rules;

/// <summary>NMS004: the shape fits N:M, but not sparse tensor cores.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TensorCoreShape : ShapeRule
{
    private static readonly DiagnosticDescriptor Descriptor = Descriptors.Info(
        RuleIds.TensorCoreShape,
        "The shape does not fit sparse tensor cores",
        "{0}: {9} {1} and {10} {2} fit {3}, but not sparse tensor cores, where W and Wᵀ need multiples of {4} "
        + "(cuSPARSELt; CUTLASS: {5}; {6}): use {9} {7} and {10} {8}",
        "Sparse tensor cores want rows and columns of the sparse operand to be multiples, for W in forward and for Wᵀ in backward. "
        + "Other shapes run as masked dense on CUDA. A warning with MSBuild property BiMaskTarget=cuda.");

    private static readonly DiagnosticDescriptor s_onCuda = Descriptors.Warning(Descriptor);

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private protected override DiagnosticDescriptor? Raised => s_onCuda;

    private protected override DiagnosticDescriptor RuleOn(Target target) => target.IsCuda ? s_onCuda : Descriptor;

    private protected override Finding? Check(LayerShape shape, Target target, CancellationToken cancellation)
    {
        PatternSpec pattern = PatternSpec.Of(shape.Options);
        if (target.IsCpu || !TensorCores.IsOperand(pattern) || !shape.IsDecidedHere)
        {
            return null;
        }

        // A kernel that runs over channels wants them whole, whatever the groups run along.
        (long inFeatures, long outFeatures) = (shape.In!.Value, shape.Out!.Value);
        int step = Features.LeastCommonMultiple(TensorCores.Multiple, pattern.M);
        bool legal = inFeatures % pattern.M == 0 && outFeatures % pattern.M == 0;
        if (!legal || (inFeatures % TensorCores.Multiple == 0 && outFeatures % TensorCores.Multiple == 0))
        {
            return null; // A remainder of N:M is another rule's case.
        }

        return new Finding(
            shape.Location,
            Numbers(shape, step, cancellation),
            inFeatures,
            outFeatures,
            $"{pattern.N}:{pattern.M}",
            TensorCores.Multiple,
            TensorCores.CutlassMultiple,
            TensorCores.Precision(shape.Options),
            Features.Up(inFeatures, step),
            Features.Up(outFeatures, step),
            shape.InName,
            shape.OutName);
    }

    /// <summary>The numbers that would make it fit; none unless they all stand in the source, for one alone would not.</summary>
    private static Replacement[] Numbers(LayerShape shape, int step, CancellationToken cancellation)
    {
        List<Replacement> numbers = [];
        foreach (Feature feature in new[] { shape.In!, shape.Out! }.Where(feature => feature.Value % step != 0))
        {
            if (feature.Source?.ToMultipleOf(step, cancellation) is not { } number)
            {
                return [];
            }

            // One number can decide both; only the next multiple above is offered.
            if (!numbers.Any(other => other.Literal == number.Literal))
            {
                numbers.Add(number with { Down = null });
            }
        }

        return [.. numbers];
    }
}
