using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Nn;

public class ModuleCollectionTests
{
    [Fact]
    public void A_list_registers_under_positions_and_renumbers()
    {
        var list = nn.ModuleList(nn.Linear(1, 1, hasBias: false), nn.Linear(1, 2, hasBias: false));
        var third = nn.Linear(1, 3, hasBias: false);

        list.Insert(1, third);
        Assert.Equal(["0.weight", "1.weight", "2.weight"], list.state_dict().Keys);
        Assert.Equal([3L, 1L], list.state_dict()["1.weight"].shape);

        Assert.True(list.Remove(third));
        list.append(nn.Linear(1, 5, hasBias: false));
        Assert.Equal(3, list.Count);
        Assert.Equal([5L, 1L], list.state_dict()["2.weight"].shape);
        Assert.Equal([1L, 2L, 5L], list.Select(layer => layer.out_features));
    }

    [Fact]
    public void A_dict_keeps_names_and_order()
    {
        var dict = nn.ModuleDict(("b", nn.Linear(1, 1, hasBias: false)), ("a", nn.Linear(1, 2, hasBias: false)));

        dict["b"] = nn.Linear(1, 4, hasBias: false);

        Assert.Equal(["b.weight", "a.weight"], dict.state_dict().Keys);
        Assert.Equal([4L, 1L], dict.state_dict()["b.weight"].shape);
        Assert.True(dict.Remove("b"));
        Assert.False(dict.ContainsKey("b"));
        Assert.Equal(["a"], dict.keys());
    }

    [Fact]
    public void A_field_of_a_list_is_registered()
    {
        using var model = new Stack();

        Assert.Equal(["layers.0.weight", "layers.1.weight"], model.state_dict().Keys);
    }

    private sealed class Stack : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.ModuleList<TorchSharp.Modules.Linear> layers =
            nn.ModuleList(nn.Linear(2, 2, hasBias: false), nn.Linear(2, 2, hasBias: false));

        public Stack()
            : base(nameof(Stack)) => RegisterComponents();

        public override Tensor forward(Tensor input) => layers[1].call(layers[0].call(input));
    }
}
