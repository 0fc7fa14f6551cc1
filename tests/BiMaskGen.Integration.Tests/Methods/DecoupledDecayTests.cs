using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Methods;

public sealed class DecoupledDecayTests
{
    private const double Decay = 0.5;
    private const double Rate = 0.02;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EachStep_IsAdamWOnThePlainGradient_ThenTheDecayOfWhatIsPruned(bool onTorchsOperators)
    {
        using MaskedDenseScope? forced = onTorchsOperators ? new MaskedDenseScope() : null;
        OneLayer model = OneLayer.Create("Decoupled");
        var optimizer = optim.AdamW(model.parameters(), Rate, eps: 1e-3, weight_decay: 0.01);
        var reference = new ReferenceAdamW(Rate, 0.01, 1e-3);
        int decayed = 0;
        for (int step = 0; step < 100; step++)
        {
            float[] weight = Values.Of(model.Layer.weight);
            model.Backward(step);
            double[] gradient = PlainGradient(weight, step);
            Values.Close(gradient, model.Layer.weight.grad, $"dW at step {step}");

            double[] next = reference.Next("fc", weight, gradient);
            optimizer.step();
            Values.Close(next, model.Layer.weight, $"W after the optimizer, step {step}");

            float[] stepped = Values.Of(model.Layer.weight);
            bool[] mask = ReferenceMasks.Forward(stepped, OneLayer.Out, OneLayer.In, 2, 4);
            Sides.Model(model).DecayPruned(Rate);
            double[] expected = [.. stepped.Select((w, i) => mask[i] ? w : w * (1 - (Rate * Decay)))];
            Values.Close(expected, model.Layer.weight, $"W after the decay, step {step}");
            decayed += mask.Count(kept => !kept);
            Assert.Equal(step, model.Side.Step);
        }

        Assert.Equal(100 * OneLayer.Out * OneLayer.In / 2, decayed);
    }

    [Fact]
    public void AForgottenDecay_IsAnErrorAtTheNextStep()
    {
        OneLayer model = OneLayer.Create("Decoupled");
        var optimizer = optim.SGD(model.parameters(), Rate);
        model.Backward(0);
        model.Backward(0);
        optimizer.step();
        string message = Assert.Throws<NMSparseException>(() => model.Backward(1)).Message;
        Assert.StartsWith($"{model.Side.Name}: DecoupledDecay = true, but model.DecayPruned(learningRate) was not called", message, StringComparison.Ordinal);

        // Evaluation needs none, and it can be made good.
        model.Operand();
        Sides.Model(model).DecayPruned(Rate);
        model.Backward(1);
        Assert.Equal(1, model.Side.Step);
    }

    [Fact]
    public void ALoadOrAResume_IsNoForgottenDecay()
    {
        using var folder = new TempFolder();
        OneLayer model = OneLayer.Create("Decoupled"), other = OneLayer.Create("Decoupled", seed: 5);
        var optimizer = optim.SGD(model.parameters(), Rate);
        model.Backward(0);
        model.load_state_dict(other.state_dict());
        model.Backward(0);
        optimizer.step();
        Sides.Model(model).DecayPruned(Rate);
        model.save(folder.File("weights"));
        Sides.Model(model).SaveSparseState(folder.File("sparse"));
        model.Backward(1);

        other.load(folder.File("weights"));
        Sides.Model(other).LoadSparseState(folder.File("sparse"));
        other.Backward(1);
        Assert.Equal(model.Side.Step, other.Side.Step);
    }

    [Fact]
    public void SavingBetweenStepAndDecay_KeepsTheClock()
    {
        OneLayer model = OneLayer.Create("Decoupled");
        var optimizer = optim.SGD(model.parameters(), Rate);
        model.Backward(0);
        optimizer.step();
        model.state_dict();
        Sides.Model(model).DecayPruned(Rate);
        model.Backward(1);
        Assert.Equal(1, model.Side.Step);
        optimizer.step();
        Sides.Model(model).DecayPruned(Rate);
        model.Backward(2);
        Assert.Equal(2, model.Side.Step);
    }

    [Fact]
    public void FrozenWeightsAndOtherLayersStay()
    {
        OneLayer frozen = OneLayer.Create("Decoupled"), other = OneLayer.Create("BiMask");
        frozen.Layer.weight.requires_grad = false;
        float[] before = Values.Of(frozen.Layer.weight), others = Values.Of(other.Layer.weight);
        Sides.Model(frozen).DecayPruned(1);
        Sides.Model(other).DecayPruned(1);
        Values.SameBits(before, Values.Of(frozen.Layer.weight), "the frozen weight");
        Values.SameBits(others, Values.Of(other.Layer.weight), "a weight that decays through its gradient");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void ARateThatIsNone_IsRefused(double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Sides.Model(OneLayer.Create("Decoupled")).DecayPruned(rate));

    [Fact]
    public void AReleasedLayer_IsRefused()
    {
        OneLayer model = Inference.Release(OneLayer.Create("Decoupled"));
        Assert.Throws<NMSparseReleasedException>(() => Sides.Model(model).DecayPruned(Rate));
    }

    // gᵀx of the mean square distance under W⊙Mf, in plain loops.
    private static double[] PlainGradient(float[] weight, int step)
    {
        const int rows = 8;
        var samples = new Samples(500 + step);
        double[] x = Values.Doubles(samples.Tensor(rows, OneLayer.In)), target = Values.Doubles(samples.Tensor(rows, OneLayer.Out));
        bool[] mask = ReferenceMasks.Forward(weight, OneLayer.Out, OneLayer.In, 2, 4);
        double[] gradient = new double[weight.Length];
        for (int r = 0; r < rows; r++)
        {
            for (int o = 0; o < OneLayer.Out; o++)
            {
                double y = Enumerable.Range(0, OneLayer.In).Sum(i => mask[(o * OneLayer.In) + i] ? weight[(o * OneLayer.In) + i] * x[(r * OneLayer.In) + i] : 0);
                double g = 2 * (y - target[(r * OneLayer.Out) + o]) / (rows * OneLayer.Out);
                for (int i = 0; i < OneLayer.In; i++)
                {
                    gradient[(o * OneLayer.In) + i] += g * x[(r * OneLayer.In) + i];
                }
            }
        }

        return gradient;
    }
}
