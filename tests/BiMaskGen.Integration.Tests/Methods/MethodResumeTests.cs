using BiMaskGen.Integration.Tests.Harness;

namespace BiMaskGen.Integration.Tests.Methods;

public sealed class MethodResumeTests
{
    private const int More = 30;

    public static string[] Methods { get; } =
        ["BiMask", "Ste", "Bdwp", "Transposable", "DoublePruned", "Mask", "Structure", "Continuous", "DenseAround", "Decoupled", "Warm", "Weighted"];

    // Before the first step, between two refreshes, and where schedules and refreshes turn.
    public static TheoryData<string, int> Runs { get; } = Cases.Product(Methods, [0, 1, 10, 13, 20, 29, 30]);

    [Theory]
    [MemberData(nameof(Runs))]
    public void ResumedRun_GoesOnBitForBit(string method, int stop)
    {
        using var kernels = new KernelModeScope(KernelMode.Sparse);
        using var folder = new TempFolder();
        var run = new MethodRun(method);
        run.Steps(0, stop);
        run.Save(folder);
        float[] uninterrupted = run.Steps(stop, stop + More);

        var resumed = new MethodRun(method, seed: 2);
        resumed.Load(folder);
        Values.SameBits(uninterrupted, resumed.Steps(stop, stop + More), "losses");
        Values.SameParameters(run.Model, resumed.Model, "after the resumed run");
        Assert.Equal(stop + More - 1, resumed.Side.Step);
        Assert.Equal(run.Side.GetReport().Form, resumed.Side.GetReport().Form);
    }

    /// <summary>What the state is for: else the test above proves nothing.</summary>
    [Theory]
    [InlineData("Transposable")]
    [InlineData("DoublePruned")]
    [InlineData("Continuous")]
    [InlineData("Mask")]
    [InlineData("Structure")]
    [InlineData("DenseAround")]
    public void WithoutTheSparseState_TheRunWouldDiffer(string method)
    {
        using var folder = new TempFolder();
        MethodRun run = new(method), resumed = new(method, seed: 2);
        run.Steps(0, 25);
        run.Save(folder);
        resumed.Model.load(folder.File("weights"));
        resumed.Optimizer.load_state_dict(folder.File("optimizer"));
        run.Steps(25, 30);
        resumed.Steps(25, 30);
        Assert.NotEqual(Values.Of(run.Model.Layer.weight), Values.Of(resumed.Model.Layer.weight));
    }

    [Fact]
    public void TheLengthOfTheRun_ComesWithTheState()
    {
        using var folder = new TempFolder();
        var run = new MethodRun("Structure");
        run.Steps(0, 3);
        run.Save(folder);
        var model = Models.OneLayer.Create("Structure");
        Assert.Null(model.Side.TotalSteps);
        model.load(folder.File("weights"));
        Sides.Model(model).LoadSparseState(folder.File("sparse"));
        Assert.Equal(MethodRun.TotalSteps, model.Side.TotalSteps);
    }
}
