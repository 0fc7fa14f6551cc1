using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Methods;
using BiMaskGen.Integration.Tests.Models;

namespace BiMaskGen.Integration.Tests.Export;

public sealed class DensifyTests
{
    // All that end as N:M.
    public static TheoryData<string> Methods { get; } = [.. MethodResumeTests.Methods.Where(m => m != "DenseAround")];

    [Theory]
    [MemberData(nameof(Methods))]
    public void TheWeight_BecomesWhatForwardMultiplies(string method)
    {
        MethodRun run = Trained(method);
        float[] before = Values.Of(run.Model.Layer.weight), operand = run.Model.Operand();
        Sides.Model(run.Model).Densify();
        float[] after = Values.Of(run.Model.Layer.weight);

        Values.Close(Array.ConvertAll(operand, v => (double)v), after, "the weight");
        Values.Close(Array.ConvertAll(operand, v => (double)v), run.Model.Operand(), "forward afterwards");
        AssertPattern(after);
        Assert.NotEqual(before, after);
        if (method != "Continuous")
        {
            Assert.All(before.Zip(after), pair => Assert.True(pair.Second == 0 || BitConverter.SingleToInt32Bits(pair.First) == BitConverter.SingleToInt32Bits(pair.Second)));
        }

        Assert.All(after, value => Assert.False(value == 0 && float.IsNegative(value), "a pruned weight is −0"));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Twice_IsOnce(string method)
    {
        MethodRun run = Trained(method);
        Sides.Model(run.Model).Densify();
        float[] once = Values.Of(run.Model.Layer.weight);
        Sides.Model(run.Model).Densify();
        Values.SameBits(once, Values.Of(run.Model.Layer.weight), "the weight");
    }

    [Fact]
    public void TheFile_GivesTheSameOutputsWithoutTheAttribute()
    {
        using var folder = new TempFolder();
        using var off = no_grad();
        Mlp model = Mlp.Create(1);
        Tensor x = new Samples(1).Tensor(9, 50);
        Tensor expected = model.call(x);
        model.Densify();
        model.save(folder.File("masked"));
        var plain = new PlainMlp();
        plain.load(folder.File("masked"));
        Values.Close(expected, plain.call(x), "the plain model's output");
        Assert.Equal(Values.Of(Mlp.Create(1).Head.weight), Values.Of(plain.get_parameter("head.weight")!));
    }

    [Fact]
    public void ItIsNoStep_AndTheNextOneIs()
    {
        var run = new MethodRun("BiMask");
        run.Steps(0, 5);
        run.Model.Backward(5);
        Assert.Equal(5, run.Side.Step);
        Sides.Model(run.Model).Densify();
        run.Model.Backward(6);
        Assert.Equal(5, run.Side.Step);
        run.Optimizer.step();
        Sides.Model(run.Model).Densify();
        run.Model.Backward(7);
        Assert.Equal(6, run.Side.Step);
    }

    [Fact]
    public void AWeightThatTwoLayersShare_IsMaskedOnce()
    {
        using var off = no_grad();
        var model = new Tied(new Parameter(new Samples(3).Tensor(50, 50)));
        Tensor x = new Samples(1).Tensor(9, 50), expected = model.call(x);
        model.Densify();
        float[] weight = Values.Of(model.get_parameter("left.weight")!);
        Assert.Equal(26 * 50, weight.Count(v => v != 0));
        Values.Close(expected, model.call(x), "output");
    }

    [Theory]
    [InlineData("Structure", 10)]
    [InlineData("Mask", 10)]
    [InlineData("DenseAround", MethodRun.TotalSteps)]
    public void ALayerThatIsNotAtItsPattern_IsRefused(string method, int steps)
    {
        var run = new MethodRun(method);
        run.Steps(0, steps);
        float[] before = Values.Of(run.Model.Layer.weight);
        var error = Assert.Throws<NMSparseException>(() => Sides.Model(run.Model).Densify());
        Assert.Contains($"{run.Side.Name}: at step {steps - 1} of {MethodRun.TotalSteps} the layer is ", error.Message, StringComparison.Ordinal);
        Assert.Contains(", not 2:4", error.Message, StringComparison.Ordinal);
        Values.SameBits(before, Values.Of(run.Model.Layer.weight), "the weight");
    }

    [Fact]
    public void OneBadLayer_LeavesTheOthersAsTheyAre()
    {
        Mlp model = Mlp.Create(1);
        float[] first = Values.Of(model.Fc1.weight);
        Values.Raw(model.Fc2.weight)[5] = float.NaN;
        var error = Assert.Throws<NMSparseValueException>(model.Densify);
        Assert.EndsWith("fc2", error.Layer, StringComparison.Ordinal);
        Values.SameBits(first, Values.Of(model.Fc1.weight), "fc1");
    }

    [Fact]
    public void AReleasedModel_IsRefusedByName()
    {
        Mlp model = Inference.Release(Mlp.Create(1));
        var error = Assert.Throws<NMSparseReleasedException>(model.Densify);
        Assert.Equal("BiMaskGen.Integration.Tests.Models.Mlp.fc1", error.Layer);
        Assert.Contains("Densify()", error.Message, StringComparison.Ordinal);
    }

    // One past the end of the schedule: so that the weights after the last step belong to it.
    private static MethodRun Trained(string method)
    {
        var run = new MethodRun(method);
        run.Steps(0, MethodRun.TotalSteps + 1);
        return run;
    }

    private static void AssertPattern(float[] weight)
    {
        for (int group = 0; group < weight.Length; group += 4)
        {
            Assert.InRange(weight.AsSpan(group, 4).ToArray().Count(v => v != 0), 0, 2);
        }
    }
}
