using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;

namespace BiMaskGen.Integration.Tests.NeverStale;

public sealed class ClockTests
{
    private readonly Mlp _model = Mlp.Create(1);
    private readonly optim.Optimizer _optimizer;

    public ClockTests() => _optimizer = optim.SGD(_model.parameters(), 0.05);

    private long Step => Sides.Of(_model, "fc1").Step;

    [Fact]
    public void FirstUse_IsNoStep_AndEveryOptimizerStepIsOne()
    {
        Assert.Equal(0, Step);
        for (int step = 0; step < 10; step++)
        {
            Backward();
            Assert.Equal(step, Step);
            _optimizer.step();
        }
    }

    [Fact]
    public void EvaluationBetween_CountsNothing()
    {
        for (int step = 0; step < 5; step++)
        {
            Backward();
            Evaluate();
            Assert.Equal(step, Step);
            _optimizer.step();
            Evaluate();
            Evaluate();
        }
    }

    [Fact]
    public void ReadingTheStateDict_CountsNothing()
    {
        for (int step = 0; step < 5; step++)
        {
            Backward();
            Assert.Equal(step, Step);
            _optimizer.step();
            _model.state_dict();
            _model.state_dict();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Loading_IsNoStep(bool file)
    {
        Backward();
        _optimizer.step();
        Backward();
        Assert.Equal(1, Step);
        using var folder = new TempFolder();
        Mlp other = Mlp.Create(2);
        if (file)
        {
            other.save(folder.File("other.dat"));
            _model.load(folder.File("other.dat"));
        }
        else
        {
            _model.load_state_dict(other.state_dict());
        }

        Backward();
        Assert.Equal(1, Step);
        _optimizer.step();
        Backward();
        Assert.Equal(2, Step);
    }

    [Fact]
    public void StepBeforeALoad_StillCounts()
    {
        Backward();
        _optimizer.step();
        _model.load_state_dict(Mlp.Create(2).state_dict());
        Backward();
        Assert.Equal(1, Step);
    }

    [Fact]
    public void LoadBeforeTheFirstUse_IsNoStep()
    {
        _model.load_state_dict(Mlp.Create(2).state_dict());
        Backward();
        Assert.Equal(0, Step);
    }

    [Fact]
    public void LoadThroughAParentWithoutTheAttribute_IsNoStep()
    {
        manual_seed(1);
        var net = new PlainNet();
        Tensor x = new Samples(1).Tensor(2, 3, Block.Width);
        net.call(x).sum().backward();
        net.load_state_dict(new PlainNet().state_dict());
        net.call(x).sum().backward();
        Assert.All(net.Blocks.SelectMany(b => Sides.Model(b).OwnSparseLayers), l => Assert.Equal(0, l.Layer.Step));
    }

    [Fact]
    public void TheUserCanSetIt()
    {
        Backward();
        Sides.Of(_model, "fc1").Step = 41;
        _optimizer.step();
        Backward();
        Assert.Equal(42, Step);
        Assert.Equal(1, Sides.Of(_model, "fc2").Step);

        _model.SetStep(1000);
        Assert.All(_model.GetSparseLayers(), l => Assert.Equal(1000, l.Layer.Step));
        Assert.Throws<ArgumentOutOfRangeException>(() => _model.SetStep(-1));
    }

    [Fact]
    public void SettingIt_MovesTheSchedule()
    {
        Backward();
        int[] first = Sides.Of(_model, "fc2").Permutation!;
        Values.Raw(_model.Fc2.weight).Reverse();
        Backward();
        Assert.Equal(first, Sides.Of(_model, "fc2").Permutation);

        _model.SetStep(7);
        Backward();
        Assert.NotEqual(first, Sides.Of(_model, "fc2").Permutation);
    }

    [Fact]
    public void ItIsPerLayer()
    {
        _model.Fc1.weight.requires_grad = false;
        for (int step = 0; step < 3; step++)
        {
            Backward();
            _optimizer.step();
        }

        Backward();
        Assert.Equal(0, Step);
        Assert.Equal(3, Sides.Of(_model, "fc2").Step);
    }

    [Fact]
    public void LossScale_MultipliesTheDecay()
    {
        Mlp scaled = Mlp.Create(1);
        scaled.SetLossScale(1024);
        Tensor x = zeros(3, 50);
        _model.call(x).sum().backward();
        scaled.call(x).sum().backward();

        // A zero input leaves the decay alone in the gradient of the first weight.
        double[] expected = Array.ConvertAll(Values.Doubles(_model.Fc1.weight.grad!), g => 1024 * g);
        Assert.Contains(expected, g => g != 0);
        Values.Close(expected, scaled.Fc1.weight.grad, "λ under loss scaling");
    }

    [Fact]
    public void StateDictKeys_AreThePlainModels()
    {
        Backward();
        Assert.Equal(new PlainMlp().state_dict().Keys, _model.state_dict().Keys);
        Assert.Equal(new PlainMlp().named_parameters().Select(p => p.name), _model.named_parameters().Select(p => p.name));
    }

    private void Backward()
    {
        _optimizer.zero_grad();
        Tensor y = _model.call(new Samples(3).Tensor(6, 50));
        (y * y).mean().backward();
    }

    private void Evaluate()
    {
        _model.eval();
        using (no_grad())
        {
            _model.call(new Samples(4).Tensor(5, 50)).Dispose();
        }

        _model.train();
    }
}
