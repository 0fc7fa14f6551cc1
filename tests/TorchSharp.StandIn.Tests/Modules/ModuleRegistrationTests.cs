using TorchSharp.Modules;
using TorchSharp.Utils;
using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Nn;

public class ModuleRegistrationTests
{
    [Fact]
    public void State_dict_keys_follow_fields_properties_and_component_names()
    {
        using var model = new Outer();

        Assert.Equal(
            [
                "renamed", "scale", "table",
                "inner.first.weight", "inner.first.bias", "inner.hidden.weight",
                "<Auto>k__BackingField.weight", "<Auto>k__BackingField.bias",
            ],
            model.state_dict().Keys);
    }

    [Fact]
    public void Prefix_and_destination_are_used()
    {
        using var layer = nn.Linear(2, 3);
        Dictionary<string, Tensor> destination = [];

        Assert.Same(destination, layer.state_dict(destination, "a.b"));
        Assert.Equal(["a.b.weight", "a.b.bias"], destination.Keys);
    }

    [Fact]
    public void Dotted_names_are_found()
    {
        using var model = new Outer();

        Assert.Same(model.Inner.First.weight, model.get_parameter("inner.first.weight"));
        Assert.True(model.has_buffer("table"));
        Assert.Null(model.get_parameter("inner.none.weight"));
        Assert.False(model.has_parameter("inner.first"));
    }

    [Fact]
    public void A_shared_parameter_is_listed_once_but_saved_under_both_names()
    {
        using var first = nn.Linear(2, 2, hasBias: false);
        using var second = nn.Linear(first.weight);
        using var model = new Pair(first, second);

        Assert.Equal(["first.weight"], model.named_parameters().Select(entry => entry.name));
        Assert.Equal(["first.weight", "second.weight"], model.state_dict().Keys);
    }

    // It answers for its elements and does not ask them: neither twice for one tensor, nor those that override state_dict.
    [Fact]
    public void A_Sequential_saves_a_shared_parameter_once()
    {
        using var first = nn.Linear(2, 2, hasBias: false);
        using var second = nn.Linear(first.weight);
        using var model = nn.Sequential(first, second);

        Assert.Equal(["0.weight"], model.state_dict().Keys);
    }

    [Fact]
    public void Modules_and_children_are_walked_in_order()
    {
        using var model = new Outer();

        Assert.Equal(["inner", "<Auto>k__BackingField"], model.named_children().Select(entry => entry.name));
        Assert.Equal(["inner", "inner.first", "inner.hidden", "<Auto>k__BackingField"], model.named_modules().Select(entry => entry.name));
    }

    [Fact]
    public void Bad_registrations_are_refused()
    {
        using var model = new Outer();
        using var layer = nn.Linear(1, 1);

        Assert.Throws<InvalidOperationException>(() => model.register_module("inner", layer));
        Assert.Throws<ArgumentException>(() => model.register_module("a.b", layer));
        Assert.Throws<InvalidOperationException>(() => model.register_parameter("scale", layer.weight));
        Assert.Throws<InvalidOperationException>(() => model.register_buffer("table", layer.weight));
        Assert.Throws<InvalidOperationException>(() => nn.ReLU().register_module("layer", layer));
    }

    [Fact]
    public void Train_and_eval_reach_every_module()
    {
        using var model = new Outer();
        Assert.True(model.training);

        model.eval();
        Assert.All(model.modules(), module => Assert.False(module.training));

        model.train();
        Assert.All(model.modules(), module => Assert.True(module.training));
    }

    [Fact]
    public void Apply_visits_children_first()
    {
        using var model = new Outer();
        List<nn.Module> visited = [];

        model.apply(visited.Add);

        Assert.Equal(5, visited.Count);
        Assert.Same(model, visited[^1]);
    }

    [Fact]
    public void Dispose_disposes_parameters_of_children()
    {
        var model = new Outer();
        var weight = model.Inner.First.weight;

        model.Dispose();

        Assert.True(weight.IsInvalid);
    }

    [Fact]
    public void Zero_grad_drops_or_clears_gradients()
    {
        using var layer = nn.Linear(2, 1);
        using (var loss = layer.call(ones([1, 2])).sum())
        {
            loss.backward();
        }

        layer.zero_grad(set_to_none: false);
        Assert.Equal([0f, 0f], TestTensors.Copy(layer.weight.grad!));

        layer.zero_grad();
        Assert.Null(layer.weight.grad);
    }

    [Fact]
    public void Moves_that_change_nothing_keep_the_objects_and_others_are_refused()
    {
        using var layer = nn.Linear(2, 2);
        var weight = layer.weight;

        Assert.Same(layer, layer.to(CPU).to(ScalarType.Float32).cpu());
        Assert.Same(weight, layer.weight);
        Assert.Throws<NotSupportedException>(() => layer.to(DeviceType.CUDA));
        Assert.Throws<NotSupportedException>(() => layer.to(ScalarType.Float64));
    }

    [Fact]
    public void A_move_asks_every_module_but_what_is_in_a_linear()
    {
        using var parent = new Asked();
        using var layer = nn.Linear(2, 2);
        Asked child = new(), hidden = new();
        layer.register_module("hidden", hidden);
        parent.register_module("child", child);
        parent.register_module("layer", layer);

        Assert.Same(parent, parent.to(ScalarType.Float32).cpu().to(CPU, ScalarType.Float32));
        Assert.Equal((4, 4, 0), (parent.Moves, child.Moves, hidden.Moves));
    }

    private sealed class Asked() : nn.Module(nameof(Asked))
    {
        public int Moves { get; private set; }

        protected internal override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
        {
            Moves++;
            return base._to(deviceType, deviceIndex, non_blocking);
        }

        protected internal override nn.Module _to(ScalarType dtype, bool non_blocking)
        {
            Moves++;
            return base._to(dtype, non_blocking);
        }
    }

    private sealed class Pair : nn.Module
    {
        private readonly Modules.Linear first;
        private readonly Modules.Linear second;

        public Pair(Modules.Linear first, Modules.Linear second) : base("pair")
        {
            (this.first, this.second) = (first, second);
            RegisterComponents();
        }
    }

    private abstract class Base : nn.Module<Tensor, Tensor>
    {
        private readonly Linear hidden = nn.Linear(2, 2, hasBias: false);

        protected Base(string name)
            : base(name)
        {
        }

        public override Tensor forward(Tensor input) => hidden.call(input);
    }

    private sealed class InnerBlock : Base
    {
        private readonly Linear first = nn.Linear(2, 2);

        public InnerBlock()
            : base(nameof(InnerBlock)) => RegisterComponents();

        public Linear First => first;
    }

    private sealed class Outer : nn.Module<Tensor, Tensor>
    {
        private readonly InnerBlock inner = new();
        private readonly Parameter scale = nn.Parameter(ones([2]));

        [ComponentName(Name = "renamed")]
        private readonly Parameter named = nn.Parameter(ones([2]));

        private readonly Tensor table = ones([2]);

        public Outer()
            : base(nameof(Outer))
        {
            register_parameter("renamed", named);
            register_buffer("scratch", ones([1]), persistent: false);
            RegisterComponents();
        }

        public InnerBlock Inner => inner;

        public Linear Auto { get; } = nn.Linear(2, 2);

        public override Tensor forward(Tensor input)
        {
            using var hidden = inner.call(input);
            return hidden * scale * named + table;
        }
    }
}
