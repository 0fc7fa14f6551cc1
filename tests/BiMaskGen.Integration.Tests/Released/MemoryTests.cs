using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;

namespace BiMaskGen.Integration.Tests.Released;

public sealed class MemoryTests
{
    // Values and indices begin at a cache line each.
    private const long Alignment = 2 * 64;

    [Theory]
    [InlineData("2:4", 17.0 / 32)]
    [InlineData("1:16", 9.0 / 128)]
    public void ALayerHoldsItsShareOfTheDenseBytes(string pattern, double share)
    {
        Module<Tensor, Tensor> model = Inference.Release<Module<Tensor, Tensor>>(pattern == "2:4" ? new Aligned2x4() : new Aligned1x16());
        SparsityReport report = Sides.Model(model).GetSparsityReport();
        Assert.Equal(2, report.Layers.Count);
        foreach (var (name, layer) in report.Layers)
        {
            long packed = (long)(share * layer.OutFeatures * layer.InFeatures * sizeof(float));
            Assert.InRange(layer.ReleasedBytes!.Value, packed, packed + Alignment);
            Assert.Equal(pattern == "2:4" ? 0.5 : 1.0 / 16, layer.KeptForward!.Value, 12);
            string line = Assert.Single(report.ToString().Split('\n'), l => l.StartsWith(name + ": released", StringComparison.Ordinal));
            Assert.Contains(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{layer.ReleasedBytes:N0} bytes"), line);
            Assert.Contains(pattern == "2:4" ? "53.1" : "7.0", line);
        }
    }

    [Fact]
    public void ParametersThatAreLeft_AreBiasesAndDenseLayers()
    {
        Mlp model = Mlp.Create(1);
        Parameter weight = model.Fc1.weight;
        float[] head = Values.Of(model.Head.weight);
        Inference.Release(model);
        Assert.Equal(
            ["fc1.bias", "fc2.bias", "head.bias", "head.weight"], model.named_parameters().Select(p => p.name).Order(StringComparer.Ordinal));
        Assert.True(weight.IsInvalid);
        Values.SameBits(head, Values.Of(model.Head.weight), "head.weight");
        Assert.True(model.Head.weight.requires_grad && model.Head.bias!.requires_grad);
        Assert.Equal("head", Assert.Single(model.GetSparsityReport().DenseLayers).Name);
    }

    [Fact]
    public void BeforeARelease_TheReportSaysNothingOfIt()
    {
        SparsityReport report = Mlp.Create(1).GetSparsityReport();
        Assert.All(report.Layers, l => Assert.Null(l.Report.ReleasedBytes));
        Assert.DoesNotContain("released", report.ToString());
    }

    [Fact]
    public void Releasing_TwiceOrInTwoThreads_IsReleasingOnce()
    {
        using var off = no_grad();
        Mlp model = Mlp.Create(1);
        Tensor x = new Samples(1).Tensor(6, 50);
        model.eval();
        Tensor expected = model.call(x);
        Parallel.For(0, 8, _ => model.ReleaseDense());
        model.ReleaseDense();
        model.ReleaseDense("fc1");
        Values.Close(expected, model.call(x), "output");
        Assert.All(Sides.Model(model).SparseLayers, l => Assert.True(l.Layer.IsReleased));
    }

    [Fact]
    public void OneLayerAlone()
    {
        using var off = no_grad();
        Mlp model = Mlp.Create(1);
        model.eval();
        Tensor x = new Samples(1).Tensor(6, 50);
        Tensor expected = model.call(x);
        model.ReleaseDense("fc2");
        Assert.Equal([false, true], Sides.Model(model).SparseLayers.Select(l => l.Layer.IsReleased));
        Values.Close(expected, model.call(x), "output");

        // The other layer is what it was: never stale.
        Values.Raw(model.Fc1.weight).Reverse();
        Assert.False(model.call(x).allclose(expected));
        Values.Raw(model.Fc1.weight).Reverse();
        Values.Close(expected, model.call(x), "output of the old weights");
    }

    [Fact]
    public void Invalidate_TakesNothingFromAReleasedLayer()
    {
        using var off = no_grad();
        Mlp model = Inference.Release(Mlp.Create(1));
        Tensor x = new Samples(1).Tensor(6, 50);
        Tensor expected = model.call(x);
        model.Invalidate();
        Values.SameBits(Values.Of(expected), Values.Of(model.call(x)), "output");
    }
}
