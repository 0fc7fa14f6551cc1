using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Equivalence;

/// <summary>Reads both masks of a layer off its products with the identity, and compares them with the reference's.</summary>
internal static class MaskProbe
{
    public static void Check(Stack model, ReferenceStack reference, string when)
    {
        for (int i = 0; i < model.Plan.Count; i++)
        {
            StackLayer layer = model.Plan[i];
            if (layer.M > 0)
            {
                SetTraining(layer, false);
                CheckForward(model, i, reference.Layers[i], $"{layer.Name} {when}");
                CheckBackward(model, i, reference.Layers[i], $"{layer.Name} {when}");
                SetTraining(layer, true);
                CheckReport(model, layer, reference.Layers[i]);
            }
        }
    }

    // I (W⊙Mf)ᵀ + b: every sum has one term that is not zero, so the comparison is exact but for what a method multiplies W by.
    private static void CheckForward(Stack model, int index, ReferenceLinear layer, string what)
    {
        using var off = no_grad();
        float[] y = Values.Of(model.Probe(index, eye(layer.In)));
        for (int o = 0; o < layer.Out; o++)
        {
            for (int i = 0; i < layer.In; i++)
            {
                float kept = (float)layer.Operands.Forward[(o * layer.In) + i];
                float expected = layer.Bias is null ? kept : kept + layer.Bias[o];
                Same(expected, y[(i * layer.Out) + o], Bound(layer, o, i, kept), $"{what}: Mf[{o}, {i}]");
            }
        }
    }

    // I (W⊙Mb).
    private static void CheckBackward(Stack model, int index, ReferenceLinear layer, string what)
    {
        Tensor x = zeros(layer.Out, layer.In).requires_grad_();
        (model.Probe(index, x) * eye(layer.Out)).sum().backward();
        float[] dx = Values.Of(x.grad!);
        for (int i = 0; i < dx.Length; i++)
        {
            float expected = (float)layer.Operands.Backward[i];
            Same(expected, dx[i], Bound(layer, i / layer.In, i % layer.In, expected), $"{what}: Mb[{i / layer.In}, {i % layer.In}]");
        }
    }

    // What is the weight itself, or nothing, has no rounding.
    private static double Bound(ReferenceLinear layer, int row, int column, float operand)
    {
        float weight = layer.Weight[(row * layer.In) + column];
        return operand == 0 || operand == weight ? 0 : 2e-6 * (Math.Abs(weight) + Math.Abs(layer.Bias?[row] ?? 0));
    }

    private static void Same(float expected, float actual, double bound, string what) =>
        Assert.True(Math.Abs(expected - actual) <= bound, $"{what} = {actual}, expected {expected} ± {bound}.");

    private static void CheckReport(Stack model, StackLayer layer, ReferenceLinear reference)
    {
        LayerReport report = Sides.Of(model, layer.Name).GetReport();
        double forward = reference.Operands.ForwardMask.Count(k => k), backward = reference.Operands.BackwardMask.Count(k => k);
        Assert.Equal(forward / reference.Weight.Length, report.KeptForward!.Value, 12);
        Assert.Equal(backward / forward, report.KeptBackward!.Value, 12);
    }

    private static void SetTraining(StackLayer layer, bool on)
    {
        layer.Linear.weight.requires_grad = on;
        if (layer.Linear.bias is { } bias)
        {
            bias.requires_grad = on;
        }
    }
}
