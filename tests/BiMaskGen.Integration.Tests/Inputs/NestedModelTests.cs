using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Inputs;

public sealed class NestedModelTests
{
    private static readonly string[] s_blockLayers = ["fc1", "fc2", "proj", "qkv"];

    [Theory]
    [InlineData(false, KernelMode.Sparse)]
    [InlineData(true, KernelMode.Sparse)]
    [InlineData(false, KernelMode.Dense)]
    [InlineData(true, KernelMode.Auto)]
    public void TransformerOfTwoBlocks_TrainsAsItsTwinOfTorchsOperators(bool annotatedParent, KernelMode mode)
    {
        using var kernels = new KernelModeScope(mode);
        manual_seed(4);
        Module<Tensor, Tensor> net = annotatedParent ? new SparseNet() : new PlainNet();
        using var optimizer = optim.SGD(net.parameters(), 0.05, momentum: 0.9);
        var samples = new Samples(1);
        for (int step = 0; step < 5; step++)
        {
            using var scope = NewDisposeScope();
            Tensor x = samples.Tensor(3, 7, Block.Width), target = samples.Tensor(3, 7, 5);
            net.zero_grad();
            Tensor y = net.call(x), loss = mse_loss(y, target);
            loss.backward();
            var actual = Values.Gradients(net);

            net.zero_grad();
            (Tensor twin, Tensor decay) = Twin(net, x);
            Tensor expectedLoss = mse_loss(twin, target);
            (expectedLoss + decay).backward();
            Values.Close(twin, y, "output");
            Values.Close(expectedLoss, loss, "loss");
            foreach (var (name, parameter) in net.named_parameters())
            {
                Values.Close(Values.Doubles(parameter.grad!), [.. actual[name]!.Select(v => (float)v)], $"{name}.grad at step {step}");
            }

            optimizer.step();
        }
    }

    [Fact]
    public void AnnotatedParent_ListsTheLayersOfItsBlocksByPath()
    {
        var net = new SparseNet();
        string[] expected = ["stem", .. s_blockLayers.Select(l => "blocks.0." + l), .. s_blockLayers.Select(l => "blocks.1." + l)];
        var layers = Sides.Model(net).GetSparseLayers();
        Assert.Equal(expected.Order(StringComparer.Ordinal), layers.Select(l => l.Name).Order(StringComparer.Ordinal));
        Assert.Equal("stem", Assert.Single(Sides.Model(net).OwnSparseLayers).Name);
        Assert.Equal("1:4", Sides.Of(net, "stem").Pattern.ToString());
        Assert.Equal("2:4", Sides.Of(net, "blocks.1.fc2").Pattern.ToString());
        Assert.Contains(Sides.Model(net).DenseLayers, l => l.Name == "head");
    }

    [Fact]
    public void BlocksOfOneClass_HaveSidesOfTheirOwn()
    {
        var net = new SparseNet();
        Assert.NotSame(Sides.Of(net, "blocks.0.fc1"), Sides.Of(net, "blocks.1.fc1"));
    }

    // A Sequential does not pass state_dict on to its elements.
    [Fact]
    public void ALoad_IsNoStep_ForBlocksInASequential()
    {
        manual_seed(4);
        BlocksInSequential net = new(), other = new();
        Tensor x = new Samples(1).Tensor(2, 3, Block.Width);
        net.call(x).sum().backward();
        net.load_state_dict(other.state_dict());
        net.call(x).sum().backward();
        var layers = Sides.Model(net).GetSparseLayers();
        Assert.Equal(["net.first.fc1", "net.inner.block.fc1"], layers.Select(l => l.Name).Where(name => name.EndsWith("fc1", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.All(layers, l => Assert.Equal(0, l.Layer.Step));
    }

    private static (Tensor Output, Tensor Decay) Twin(Module net, Tensor x)
    {
        var sides = new Dictionary<Linear, SparseLayer>();
        foreach (Module module in net.modules().Append(net).Distinct())
        {
            if (module is INMSparseModel model)
            {
                var members = module.named_children().ToDictionary(c => c.name, c => c.module);
                foreach (var (name, layer) in model.OwnSparseLayers)
                {
                    sides[(Linear)members[name]] = layer;
                }
            }
        }

        Tensor decay = zeros(1).sum();
        Tensor output = ((INet)net).Forward(x, (_, linear, input) =>
        {
            SparseLayer side = sides[linear];
            var twin = new TorchTwin(side.Pattern.N, side.Pattern.M, side.Permutation!);
            Tensor product = twin.Product(linear, input);
            decay = decay + twin.Decay;
            return product;
        });
        return (output, decay);
    }
}
