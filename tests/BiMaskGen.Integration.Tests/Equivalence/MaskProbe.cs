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

    // I (W⊙Mf)ᵀ + b: every sum has one term that is not zero, so the comparison is exact.
    private static void CheckForward(Stack model, int index, ReferenceLinear layer, string what)
    {
        using var off = no_grad();
        float[] y = Values.Of(model.Probe(index, eye(layer.In)));
        for (int o = 0; o < layer.Out; o++)
        {
            for (int i = 0; i < layer.In; i++)
            {
                float kept = layer.Forwards[(o * layer.In) + i] ? layer.Weight[(o * layer.In) + i] : 0;
                float expected = layer.Bias is null ? kept : kept + layer.Bias[o];
                Assert.True(expected == y[(i * layer.Out) + o], $"{what}: Mf[{o}, {i}] = {y[(i * layer.Out) + o]}, expected {expected}.");
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
            float expected = layer.Backwards![i] ? layer.Weight[i] : 0;
            Assert.True(expected == dx[i], $"{what}: Mb[{i / layer.In}, {i % layer.In}] = {dx[i]}, expected {expected}.");
        }
    }

    private static void CheckReport(Stack model, StackLayer layer, ReferenceLinear reference)
    {
        LayerReport report = Sides.Of(model, layer.Name).GetReport();
        double forward = reference.Forwards.Count(k => k), backward = reference.Backwards!.Count(k => k);
        Assert.Equal(forward / reference.Forwards.Length, report.KeptForward!.Value, 12);
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
