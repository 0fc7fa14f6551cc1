using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;

namespace BiMaskGen.Integration.Tests.Methods;

/// <summary>Schedules as a training loop meets them.</summary>
public sealed class ScheduleTests
{
    [Fact]
    public void WithoutTheLengthOfTheRun_TheFirstForwardSaysWhatToDo()
    {
        OneLayer model = OneLayer.Create("Structure");
        string message = Assert.Throws<NMSparseException>(() => model.Backward(0)).Message;
        Assert.StartsWith($"{model.Side.Name}: the schedule of StructureDecay depends on the length of the run", message, StringComparison.Ordinal);
        Assert.Throws<NMSparseException>(model.Operand);

        Sides.Model(model).SetTotalSteps(8);
        model.Backward(0);
        Assert.Equal(0.75, model.Side.GetReport().KeptForward);
        Assert.Throws<ArgumentOutOfRangeException>(() => Sides.Model(model).SetTotalSteps(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Side.TotalSteps = 0);
    }

    [Fact]
    public void SettingTheLengthOrTheStep_MovesTheSchedule()
    {
        var run = new MethodRun("Structure");
        run.Step(0);
        Assert.Equal("3:4", Form(run));
        run.Side.TotalSteps = 2;
        run.Step(1);
        Assert.Equal("2:4", Form(run));
        run.Side.TotalSteps = 100;
        run.Side.Step = 10;
        run.Step(2);
        Assert.Equal("3:4", Form(run));
    }

    [Fact]
    public void Evaluation_SeesWhatTheNextTrainingForwardWillSee()
    {
        var run = new MethodRun("Structure");
        for (int step = 0; step < MethodRun.TotalSteps; step++)
        {
            run.Step(step);
            float[] evaluated = run.Model.Operand();
            Assert.Equal(step + 1 < 20 ? 0.75 : 0.5, evaluated.Count(w => w != 0) / (double)evaluated.Length);
        }

        // After the last of the optimizer's steps a model is what the schedule ends with, though no forward counted that step.
        Assert.Equal(MethodRun.TotalSteps - 1, run.Side.Step);
        run.Model.Backward(0);
        Assert.Equal(MethodRun.TotalSteps, run.Side.Step);
    }

    [Fact]
    public void BiMaskBetweenDensePhases_SearchesWhenItBegins()
    {
        var run = new MethodRun("DenseAround");
        run.Steps(0, 10);
        Assert.Null(run.Side.Permutation);
        Assert.Equal("dense", Form(run));
        run.Step(10);
        Assert.NotNull(run.Side.Permutation);
        Assert.Equal("2:4", Form(run));
        run.Steps(11, 31);
        Assert.Equal("dense", Form(run));
        Assert.Equal(Values.Of(run.Model.Layer.weight), run.Model.Operand());
    }

    [Theory]
    [InlineData("Structure", "3:4")]
    [InlineData("Mask", "2:4 β 1")]
    [InlineData("DenseAround", "dense")]
    public void AnUnfinishedScheduleIsNotReleased(string method, string form)
    {
        var run = new MethodRun(method);
        run.Step(0);
        run.Model.eval();
        run.Side.Step = 0;
        string message = Assert.Throws<NMSparseException>(() => Sides.Model(run.Model).ReleaseDense()).Message;
        Assert.Matches(method == "Mask" ? "the layer is 2:4 β 0\\.95, not 2:4" : $"the layer is {form}, not 2:4", message);
        Assert.Contains("of 40", message, StringComparison.Ordinal);
        Assert.False(run.Side.IsReleased);
    }

    [Theory]
    [InlineData("Structure")]
    [InlineData("Mask")]
    [InlineData("Continuous")]
    [InlineData("Transposable")]
    [InlineData("DoublePruned")]
    public void AFinishedOne_ComputesTheSameWithoutItsDenseWeight(string method)
    {
        var run = new MethodRun(method);
        run.Steps(0, MethodRun.TotalSteps);
        run.Model.eval();
        using var off = no_grad();
        Tensor x = new Samples(3).Tensor(5, OneLayer.In);
        double[] before = Values.Doubles(run.Model.call(x));
        Sides.Model(run.Model).ReleaseDense();
        Values.Close(before, run.Model.call(x), "output of the released layer");
        Assert.True(run.Side.IsReleased);
    }

    [Fact]
    public void ADenseCheckpointOfAContinuousLayer_IsNotLoadedPackedForInference()
    {
        using var files = new PackedFiles();
        OneLayer model = OneLayer.Create("Continuous");
        files.Write(model);
        string message = Assert.Throws<NMSparseCheckpointException>(() => Sides.Model(model).LoadSparse(files.Packed)).Message;
        Assert.Contains("soft-thresholded", message, StringComparison.Ordinal);
        Assert.False(model.Side.IsReleased);
        Sides.Model(model).LoadSparse(files.Packed, SparseLoad.Training);

        // Weights that are 2:4 already pass the threshold as they are.
        Assert.Equal(Values.Of(model.Layer.weight), model.Operand());
    }

    private static string? Form(MethodRun run) => run.Side.GetReport().Form;
}
