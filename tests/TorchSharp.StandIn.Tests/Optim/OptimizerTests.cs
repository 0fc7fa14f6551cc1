using TorchSharp.Modules;
using TorchSharp.Tests.Nn;
using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Optimizers;

public class OptimizerTests
{
    public static TheoryData<string> Kinds => ["SGD", "Adam", "AdamW"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Resuming_equals_going_on_bit_for_bit(string kind)
    {
        using var whole = MakeModel();
        using var wholeOptimizer = Make(kind, whole.parameters());
        Train(whole, wholeOptimizer, 0, 4);
        using MemoryStream weights = new();
        using MemoryStream state = new();
        whole.save(weights);
        wholeOptimizer.save_state_dict(new BinaryWriter(state));
        Train(whole, wholeOptimizer, 4, 8);

        using var resumed = MakeModel();
        using var resumedOptimizer = Make(kind, resumed.parameters(), lr: 9);
        weights.Position = state.Position = 0;
        resumed.load(weights);
        resumedOptimizer.load_state_dict(new BinaryReader(state));
        Train(resumed, resumedOptimizer, 4, 8);

        foreach (var (name, parameter) in whole.named_parameters())
        {
            Assert.Equal(TestTensors.Copy(parameter), TestTensors.Copy(resumed.get_parameter(name)!));
        }
    }

    [Fact]
    public void A_state_dictionary_in_memory_is_copied()
    {
        using var source = MakeModel();
        using var sourceOptimizer = Make("Adam", source.parameters());
        Train(source, sourceOptimizer, 0, 3);
        using var target = MakeModel();
        target.load_state_dict(source.state_dict());
        using var targetOptimizer = Make("Adam", target.parameters(), lr: 9);

        targetOptimizer.load_state_dict(sourceOptimizer.state_dict());
        Train(source, sourceOptimizer, 3, 5);
        Train(target, targetOptimizer, 3, 5);

        Assert.Equal([[0, 1, 2, 3]], sourceOptimizer.state_dict().StateIndexRef);
        Assert.All(source.parameters().Zip(target.parameters()), pair =>
            Assert.Equal(TestTensors.Copy(pair.First), TestTensors.Copy(pair.Second)));
    }

    [Fact]
    public void State_of_another_optimizer_or_model_is_refused()
    {
        using var model = MakeModel();
        using var adam = Make("Adam", model.parameters());
        using var sgd = Make("SGD", model.parameters());
        using var single = nn.Linear(2, 2);
        using var small = Make("Adam", single.parameters());
        using MemoryStream state = new();
        adam.save_state_dict(new BinaryWriter(state));

        state.Position = 0;
        Assert.Throws<InvalidDataException>(() => sgd.load_state_dict(new BinaryReader(state)));
        Assert.Throws<ArgumentException>(() => sgd.load_state_dict(adam.state_dict()));
        Assert.Throws<ArgumentException>(() => small.load_state_dict(adam.state_dict()));
    }

    [Fact]
    public void Groups_have_their_own_rates_and_fall_back_to_the_defaults()
    {
        var slow = nn.Parameter(zeros([1]));
        var fast = nn.Parameter(zeros([1]));
        using var optimizer = optim.SGD(
            [new SGD.ParamGroup([slow], lr: 0.1), new SGD.ParamGroup([fast], new SGD.Options { momentum = 0.5 })], 1.0);
        slow.grad = ones([1]);
        fast.grad = ones([1]);

        optimizer.step();
        optimizer.step();

        Assert.Equal(-0.2f, TestTensors.Copy(slow)[0], 6);
        Assert.Equal(-2.5f, TestTensors.Copy(fast)[0], 6);
        Assert.Equal([0.1, 1.0], optimizer.ParamGroups.Select(group => group.LearningRate));
        Assert.Equal([slow, fast], optimizer.parameters());
        Assert.Throws<ArgumentException>(() => optimizer.add_param_group(new SGD.ParamGroup([slow])));
    }

    [Fact]
    public void A_learning_rate_set_on_a_group_is_used_by_the_next_step()
    {
        var parameter = nn.Parameter(zeros([1]));
        using var optimizer = optim.SGD([parameter], 1.0);
        parameter.grad = ones([1]);

        optimizer.ParamGroups.Single().LearningRate = 0.25;
        optimizer.step();

        Assert.Equal([-0.25f], TestTensors.Copy(parameter));
    }

    [Fact]
    public void Named_parameters_are_taken()
    {
        using var layer = nn.Linear(2, 2);
        using var optimizer = optim.AdamW(layer.named_parameters());

        Assert.Equal(layer.parameters(), optimizer.parameters());
    }

    [Fact]
    public void The_closure_runs_with_gradients_and_its_loss_is_returned()
    {
        var parameter = nn.Parameter(ones([1]));
        using var optimizer = optim.SGD([parameter], 0.5);
        using var guard = no_grad();

        using var loss = optimizer.step(() =>
        {
            var value = (parameter * 3f).sum();
            value.backward();
            return value;
        });

        Assert.Equal(3f, loss!.item<float>());
        Assert.Equal([-0.5f], TestTensors.Copy(parameter));
    }

    [Fact]
    public void Zero_grad_clears_gradients()
    {
        var parameter = nn.Parameter(ones([2]));
        using var optimizer = optim.SGD([parameter], 0.5);
        parameter.grad = ones([2]);

        optimizer.zero_grad();

        Assert.Equal([0f, 0f], TestTensors.Copy(parameter.grad!));
    }

    [Fact]
    public void Strided_parameters_and_gradients_are_updated_in_their_own_order()
    {
        var parameter = nn.Parameter(TestTensors.FromValues([1, 2, 3, 4, 5, 6], 2, 3).t());
        using var gradient = TestTensors.FromValues([10, 20, 30, 40, 50, 60], 2, 3);
        parameter.grad = gradient.t();
        using var optimizer = optim.SGD([parameter], 0.1);

        optimizer.step();

        Assert.False(parameter.is_contiguous());
        Assert.Equal([0f, 0f, 0f, 0f, 0f, 0f], TestTensors.Copy(parameter));
    }

    [Fact]
    public void Bad_hyperparameters_are_refused()
    {
        var parameter = nn.Parameter(ones([1]));

        Assert.Throws<ArgumentOutOfRangeException>(() => optim.SGD([parameter], -1));
        Assert.Throws<ArgumentException>(() => optim.SGD([parameter], 1, nesterov: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => optim.Adam([parameter], beta1: 1));
    }

    private static Sequential MakeModel() => nn.Sequential(nn.Linear(5, 6), nn.Tanh(), nn.Linear(6, 2));

    private static OptimizerHelper Make(string kind, IEnumerable<Parameter> parameters, double lr = 0.05) => kind switch
    {
        "SGD" => optim.SGD(parameters, lr, momentum: 0.9, weight_decay: 0.01),
        "Adam" => optim.Adam(parameters, lr, weight_decay: 0.01, amsgrad: true),
        _ => optim.AdamW(parameters, lr, weight_decay: 0.01),
    };

    private static void Train(Sequential model, OptimizerHelper optimizer, int from, int to)
    {
        for (var step = from; step < to; step++)
        {
            optimizer.zero_grad();
            using var input = TestTensors.Grid(100 + step, 8, 5);
            using var output = model.call(input);
            using var loss = (output * output).mean();
            loss.backward();
            optimizer.step();
        }
    }
}
