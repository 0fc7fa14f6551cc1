using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Interception;

public sealed class ContainerTests : IDisposable
{
    private static readonly KernelCounters s_oneStep = new(1, 0, 1, 0, 1);

    private readonly KernelModeScope _sparse = new(KernelMode.Sparse);

    public void Dispose() => _sparse.Dispose();

    public static TheoryData<string> Models => ["sequential", "nested", "lists"];

    [Theory]
    [MemberData(nameof(Models))]
    public void EveryElementRunsSparse_AsTheReferenceSays(string name)
    {
        Stack model = Create(name);
        ReferenceStack.AssertStep(model, new Samples(1).Tensor(6, 16).requires_grad_(), decay: true, $"through {name}");
        Assert.Equal(
            model.Plan.Where(l => l.M > 0).Select(l => l.Name).Order(StringComparer.Ordinal),
            Sides.Model(model).OwnSparseLayers.Select(l => l.Name).Order(StringComparer.Ordinal));
        Assert.All(Sides.Model(model).OwnSparseLayers, l => Assert.Equal(s_oneStep, l.Layer.Counters));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void ManySteps_EqualTheReference(string name)
    {
        Stack model = Create(name);
        using var optimizer = optim.SGD(model.parameters(), 0.01);
        var samples = new Samples(2);
        for (int step = 0; step < 10; step++)
        {
            using var scope = NewDisposeScope();
            ReferenceStack.AssertStep(model, samples.Tensor(5, 16).requires_grad_(), decay: true, $"of step {step}");
            optimizer.step();
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void KeysAreThoseOfTheDenseModel_AndNamesAreTheKeys(string name)
    {
        Stack model = Create(name);
        string[] keys = [.. model.state_dict().Keys];
        Assert.All(model.Plan, l => Assert.Contains(l.Name + ".weight", keys));
        Assert.Equal(2 * model.Plan.Count, keys.Length);
        string type = model.GetType().FullName!;
        Assert.All(Sides.Model(model).OwnSparseLayers, l => Assert.Equal(type + "." + l.Name, l.Layer.Name));
    }

    /// <summary>Also where the first thing that happens to a layer is a call.</summary>
    [Fact]
    public void ErrorsNameTheElement()
    {
        Stack model = Create("lists");
        model.Plan[1].Linear.weight.Dispose();
        var error = Assert.Throws<NMSparseDisposedException>(() => model.call(new Samples(1).Tensor(2, 16)));
        Assert.Contains("Listed.looped.1: weight was disposed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void KeptElement_StaysDense_AndTheReportSaysSo()
    {
        Stack model = Create("nested");
        Assert.Contains(("body.head.1", "[KeepDense]"), Sides.Model(model).DenseLayers);
        Assert.DoesNotContain(Sides.Model(model).SparseLayers, l => l.Name == "body.head.1");
    }

    [Fact]
    public void ClassThatIsNotPartial_KnowsItsElementsToo()
    {
        manual_seed(3);
        var first = Linear(16, 20);
        var second = Linear(20, 12);
        var model = new Given(Sequential(first, second));
        Tensor x = new Samples(1).Tensor(4, 16);
        var reference = new ReferenceLinear(new StackLayer("0", first, Act.None, 2, 4), permutation: null);
        double[] hidden = reference.Forward(Values.Doubles(x), 4);
        double[] expected = new ReferenceLinear(StackLayer.Dense("1", second), null).Forward(hidden, 4);
        Values.Close(expected, model.call(x), "output");
    }

    [Fact]
    public void ListInAClassThatIsNotPartial_CannotTellWhichElementIsMeant()
    {
        var model = new GivenList(new ModuleList<Linear>(Linear(16, 16), Linear(16, 16)));
        var error = Assert.Throws<NMSparseException>(() => model.call(new Samples(1).Tensor(2, 16)));
        Assert.Contains("[KeepDense(\"1\")]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ElementsThatAreReplacedOrAdded_AreThoseThatRun()
    {
        var list = new ModuleList<Linear>(Linear(16, 16));
        var model = new Growing(list);
        Tensor x = new Samples(1).Tensor(4, 16);
        model.call(x);
        list.Add(Linear(16, 16));
        list[0] = Linear(16, 16);
        double[] expected = list.Aggregate(
            Values.Doubles(x), (current, layer) => new ReferenceLinear(new StackLayer("", layer, Act.Relu, 2, 4), null).Forward(current, 4));
        Values.Close(expected, model.call(x), "output");
        Assert.Equal(["layers.0", "layers.1"], Sides.Model(model).OwnSparseLayers.Select(l => l.Name));
    }

    [Fact]
    public void HooksOfContainerAndElements_RunInTorchsOrder()
    {
        var model = (Contained)Create("sequential");
        var plain = Sequential(Linear(16, 20), ReLU(), Linear(20, 24), Dropout(0), GELU(), Linear(24, 12));
        plain.load_state_dict(model.Net.state_dict());
        List<string> expected = [], actual = [];
        Register(plain, expected);
        Register(model.Net, actual);
        Tensor x = new Samples(1).Tensor(3, 16);
        plain.call(x);
        Tensor y = model.call(x);
        Assert.Equal(2 * 7, expected.Count);
        Assert.Equal(expected, actual);
        ReferenceStack.AssertOutput(model, x, "with hooks everywhere");
        Assert.Equal([3L, 12L], y.shape);
    }

    [Fact]
    public void DropoutThatDrops_IsNotFusedAway()
    {
        manual_seed(1);
        var model = new Dropping();
        Tensor x = new Samples(1).Tensor(8, 16);
        Assert.Contains(Values.Of(model.call(x)), v => v == 0);
        model.eval();
        ReferenceStack.AssertOutput(model, x, "in evaluation");
    }

    [Fact]
    public void SequentialOfTheUsersOwn_RunsItsOwnForward()
    {
        var model = new Doubled();
        Tensor x = new Samples(1).Tensor(4, 16);
        Values.Close(model.Net[0].call(x) * 2, model.call(x), "output");
    }

    [Fact]
    public void ReleasedElements_GiveTheSameOutput()
    {
        Stack model = Create("lists");
        model.eval();
        Tensor x = new Samples(1).Tensor(4, 16);
        using var off = no_grad();
        float[] before = Values.Of(model.call(x));
        Sides.Model(model).ReleaseDense();
        Values.Close(Array.ConvertAll(before, v => (double)v), model.call(x), "released output");
        Assert.Throws<NMSparseReleasedException>(() => model.state_dict());
    }

    [Fact]
    public void StateOfElements_IsSavedAndLoaded()
    {
        using var folder = new TempFolder();
        Stack model = Create("lists");
        model.call(new Samples(1).Tensor(4, 16)).sum().backward();
        Sides.Model(model).SetStep(7);
        Sides.Model(model).SaveSparseState(folder.File("state"));
        Stack other = Create("lists");
        Sides.Model(other).LoadSparseState(folder.File("state"));
        Assert.All(Sides.Model(other).SparseLayers, l => Assert.Equal(7, l.Layer.Step));
        Assert.All(
            Sides.Model(other).SparseLayers, l => Assert.Equal(Sides.Of(model, l.Name).Permutation, l.Layer.Permutation));
    }

    /// <summary>A load is no training step: the elements' clocks are told by state_dict.</summary>
    [Fact]
    public void LoadIsNoStep()
    {
        Stack model = Create("sequential");
        Tensor x = new Samples(1).Tensor(4, 16);
        model.call(x).sum().backward();
        model.load_state_dict(Create("sequential", seed: 9).state_dict());
        model.call(x).sum().backward();
        Assert.All(Sides.Model(model).SparseLayers, l => Assert.Equal(0, l.Layer.Step));
    }

    [Fact]
    public void ManyThreads_EvaluateOneContainer()
    {
        Stack model = Create("lists");
        model.eval();
        Tensor[] inputs = [.. Enumerable.Range(0, 4).Select(i => new Samples(i).Tensor(3, 16))];
        double[][] expected = [.. inputs.Select(x => new ReferenceStack(model).Forward(x))];
        ManyThreads.Run(4, i =>
        {
            using var off = no_grad();
            for (int round = 0; round < 5; round++)
            {
                Values.Close(expected[i], model.call(inputs[i]), $"output of thread {i}");
            }
        });
    }

    private static Stack Create(string name, int seed = 3)
    {
        manual_seed(seed);
        return name switch { "sequential" => new Contained(), "nested" => new NamedAndNested(), _ => new Listed() };
    }

    private static void Register(Sequential net, List<string> log)
    {
        foreach (var module in net.children().Cast<Module<Tensor, Tensor>>().Prepend(net))
        {
            string name = module.GetName() + log.Count;
            module.register_forward_pre_hook((_, input) =>
            {
                log.Add($"before {name} {input.shape[^1]}");
                return input;
            });
            module.register_forward_hook((_, _, output) =>
            {
                log.Add($"after {name} {output.shape[^1]}");
                return output;
            });
        }
    }
}
