using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;

namespace BiMaskGen.Integration.Tests.Convolutions;

/// <summary>What a convolution refuses, and that it names the layer, the numbers and the way out.</summary>
public sealed class ConvErrorTests
{
    [Fact]
    public void AGroupedConvolution_ThatOnlyTheRunTells()
    {
        var model = new GivenConv(Conv2d(8, 8, 3, groups: 2));
        string message = Assert.Throws<NMSparseException>(() => model.call(zeros(1, 8, 5, 5))).Message;
        Assert.Contains("GivenConv.conv: groups = 2", message, StringComparison.Ordinal);
        Assert.Contains("[KeepDense]", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new long[] { 2, 7, 5, 5 }, "in_channels = 8")]
    [InlineData(new long[] { 5, 5 }, "in_channels = 8")]
    [InlineData(new long[] { 1, 1, 8, 5, 5 }, "in_channels = 8")]
    [InlineData(new long[] { 2, 8, 2, 5 }, "too small")]
    public void InputsThatDoNotFit(long[] shape, string what)
    {
        var model = new GivenConv(Conv2d(8, 8, 3));
        string message = Assert.Throws<NMSparseShapeException>(() => model.call(zeros(shape))).Message;
        Assert.StartsWith("BiMaskGen.Integration.Tests.Models.GivenConv.conv: ", message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
        Assert.Contains($"[{string.Join(", ", shape)}]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void SamePadding_WithAStrideThatWasSetAfterwards()
    {
        var layer = Conv2d(8, 8, 3, TorchSharp.Padding.Same);
        layer.stride = [2, 2];
        Assert.Contains("Same", Assert.Throws<NMSparseShapeException>(() => new GivenConv(layer).call(zeros(1, 8, 5, 5))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStrideThatIsSetBetweenCalls_Counts()
    {
        using var off = no_grad();
        var layer = Conv2d(8, 12, 3, padding: 1);
        var model = new GivenConv(layer);
        Tensor x = new Samples(1).Tensor(2, 8, 6, 6), whole = model.call(x);
        layer.stride = [2, 2];
        Tensor half = model.call(x);
        Assert.Equal([2L, 12L, 3L, 3L], half.shape);
        Values.Close(whole[TensorIndex.Colon, TensorIndex.Colon, TensorIndex.Slice(0, null, 2), TensorIndex.Slice(0, null, 2)].contiguous(), half, "every second window");
    }

    [Fact]
    public void ABatchOfNothing_HasNoOutputsAndZeroGradients()
    {
        var layer = Conv2d(8, 12, 3);
        Tensor x = zeros([0, 8, 5, 5]).requires_grad_();
        Tensor y = new GivenConv(layer).call(x);
        Assert.Equal([0L, 12L, 3L, 3L], y.shape);
        y.sum().backward();
        Assert.Equal([0L, 8L, 5L, 5L], x.grad!.shape);
        Assert.All(Values.Of(layer.bias!.grad!), b => Assert.Equal(0, b));
    }

    [Fact]
    public void NotANumber_IsFoundWhereItIs()
    {
        var layer = Conv2d(8, 12, 3);
        Values.Raw(layer.weight)[100] = float.NaN;
        string message = Assert.Throws<NMSparseValueException>(() => new GivenConv(layer).call(zeros(1, 8, 5, 5))).Message;
        Assert.Contains("NaN", message, StringComparison.Ordinal);
        Assert.Contains("weight[1, 3, 0, 1]", message, StringComparison.Ordinal);
    }
}
