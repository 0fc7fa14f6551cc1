using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;

namespace BiMaskGen.Integration.Tests.Released;

public sealed class RefusalTests : IDisposable
{
    private const string Fc1 = "BiMaskGen.Integration.Tests.Models.Mlp.fc1";
    private readonly TempFolder _folder = new();
    private readonly Mlp _model = Mlp.Create(1);
    private readonly Tensor _x = new Samples(1).Tensor(4, 50);
    private readonly double[] _expected;
    private readonly (string, long)[] _files;

    public RefusalTests()
    {
        Mlp.Create(2).save(_folder.File("weights"));
        _model.eval();
        _model.call(_x).Dispose();
        _model.SaveSparseState(_folder.File("sparse"));
        _model.ReleaseDense();
        _files = Files();
        using var off = no_grad();
        _expected = Values.Doubles(_model.call(_x));
    }

    public static TheoryData<string> Operations => [.. Forbidden.Keys];

    private static Dictionary<string, Action<Mlp, TempFolder>> Forbidden { get; } = new()
    {
        ["save"] = (model, folder) => model.save(folder.File("new")),
        ["save over a checkpoint"] = (model, folder) => model.save(folder.File("weights")),
        ["save to a stream"] = (model, _) => model.save(new MemoryStream()),
        ["load"] = (model, folder) => model.load(folder.File("weights")),
        ["load, not strict"] = (model, folder) => model.load(folder.File("weights"), strict: false),
        ["state_dict"] = (model, _) => model.state_dict(),
        ["load_state_dict"] = (model, _) => model.load_state_dict(Mlp.Create(3).state_dict()),
        ["load_state_dict, not strict"] = (model, _) => model.load_state_dict(Mlp.Create(3).state_dict(), strict: false),
        ["train"] = (model, _) => model.train(),
        ["to type"] = (model, _) => model.to(ScalarType.Float32),
        ["to device"] = (model, _) => model.to(CPU),
        ["to device and type"] = (model, _) => model.to(CPU, ScalarType.Float32),
        ["cpu"] = (model, _) => model.cpu(),
        ["forward that wants dX"] = (model, _) => model.call(new Samples(1).Tensor(4, 50).requires_grad_()),
        ["forward that wants db"] = (model, _) =>
        {
            model.Fc1.bias!.requires_grad = true;
            try
            {
                model.call(new Samples(1).Tensor(4, 50));
            }
            finally
            {
                model.Fc1.bias!.requires_grad = false;
            }
        },
        ["saving the sparse state"] = (model, folder) => model.SaveSparseState(folder.File("new")),
        ["loading a sparse state"] = (model, folder) => model.LoadSparseState(folder.File("sparse")),
        ["state_dict of the layer"] = (model, _) => model.Fc1.state_dict(),
        ["train of the layer"] = (model, _) => model.Fc1.train(),
#pragma warning disable NMS008 // That such a call is refused too is what this shows.
        ["a call from elsewhere"] = (model, _) => model.Fc1.call(new Samples(1).Tensor(4, 50)),
#pragma warning restore NMS008
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Operations))]
    public void IsRefused_ByNameAndWithTheWayOut_AndChangesNothing(string operation)
    {
        var error = Assert.Throws<NMSparseReleasedException>(() => Forbidden[operation](_model, _folder));
        Assert.Equal(Fc1, error.Layer);
        Assert.Contains(Fc1, error.Message);
        Assert.Contains("load the checkpoint", error.Message);
        Assert.False(_model.training || _model.Head.training);

        using var off = no_grad();
        Values.Close(_expected, _model.call(_x), $"output after {operation}");
        Assert.Equal(_files, Files());
    }

    [Fact]
    public void Evaluation_IsAllowedAgain()
    {
        _model.eval();
        _model.train(false);
        Assert.False(_model.training);
    }

    [Fact]
    public void WeightThatIsAssignedAfterwards_IsNotIgnored()
    {
        using var off = no_grad();
        Exception error = Assert.ThrowsAny<Exception>(() =>
        {
            _model.Fc1.weight = new Parameter(zeros(27, 50));
            _model.call(_x);
        });

        // TorchSharp's own setter looks at the old weight, which is disposed; the stand-in's does not.
        if (error is NMSparseReleasedException released)
        {
            Assert.Equal(Fc1, released.Layer);
            Assert.Contains("assigned", released.Message);
        }
        else
        {
            Assert.Contains("empty handle", Assert.IsType<InvalidOperationException>(error).Message);
        }
    }

    [Fact]
    public void WrongInput_IsNamed()
    {
        using var off = no_grad();
        Assert.Contains("[4, 49]", Assert.Throws<NMSparseShapeException>(() => _model.call(zeros(4, 49))).Message);
        Assert.Contains("Int64", Assert.Throws<NMSparseTypeException>(() => _model.call(zeros(4, 50, dtype: ScalarType.Int64))).Message);
        Values.Close(_expected, _model.call(_x), "output afterwards");
    }

    [Fact]
    public void TrainingModel_IsNotReleased()
    {
        Mlp model = Mlp.Create(1);
        var error = Assert.Throws<NMSparseException>(() => model.ReleaseDense());
        Assert.Contains("eval()", error.Message);
        AssertUntouched(model);
    }

    [Fact]
    public void WeightThatIsNoNumber_InTheLastLayer_LeavesAllLayers()
    {
        Mlp model = Mlp.Create(1);
        model.eval();
        Values.Raw(model.Fc2.weight)[3] = float.NaN;
        var error = Assert.Throws<NMSparseValueException>(() => model.ReleaseDense());
        Assert.Contains("weight[0, 3]", error.Message);
        Values.Raw(model.Fc2.weight)[3] = 1;
        AssertUntouched(model);
    }

    [Theory]
    [InlineData(InferencePrecision.Int8)]
    [InlineData(InferencePrecision.Float8)]
    public void OtherPrecisions_AreAGpusAffair(InferencePrecision precision)
    {
        Mlp model = Mlp.Create(1);
        model.eval();
        var error = Assert.Throws<NMSparsePrecisionException>(() => model.ReleaseDense(precision));
        Assert.Equal((Fc1, precision), (error.Layer, error.Precision));
        Assert.Contains("on the CPU", error.Message);
        Assert.Contains(".to(DeviceType.CUDA)", error.Message);
        AssertUntouched(model);
    }

    [Fact]
    public void UnknownLayer_IsNamed_BesideThoseThereAre()
    {
        Mlp model = Mlp.Create(1);
        model.eval();
        var error = Assert.Throws<NMSparseException>(() => model.ReleaseDense("fc1", "head"));
        Assert.Contains("\"head\"", error.Message);
        Assert.Contains("fc1, fc2", error.Message);
        AssertUntouched(model);
    }

    private (string Path, long Bytes)[] Files() =>
        [.. new DirectoryInfo(_folder.Path).GetFiles().Select(f => (f.Name, f.Length)).OrderBy(f => f.Name, StringComparer.Ordinal)];

    private static void AssertUntouched(Mlp model)
    {
        Assert.All(Sides.Model(model).SparseLayers, l => Assert.False(l.Layer.IsReleased));
        model.train();
        Reference.ReferenceStack.AssertStep(model, new Samples(1).Tensor(4, 50), decay: true, "after the refusal");
    }
}
