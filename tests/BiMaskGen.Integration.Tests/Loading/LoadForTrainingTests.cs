using BiMaskGen.Checkpoints;
using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Loading;

public sealed class LoadForTrainingTests : IDisposable
{
    private readonly PackedFiles _files = new();

    public static TheoryData<string> Patterns => [.. Stacks.Patterns];

    public void Dispose() => _files.Dispose();

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Training_goes_on_from_the_pruned_weights_with_the_same_permutation(string pattern)
    {
        Stack source = Stacks.Create(pattern, 1), model = Stacks.Create(pattern, 2);
        _files.Write(source);
        Sides.Model(model).LoadSparse(_files.Packed, SparseLoad.Training);

        using (PackedCheckpoint file = PackedCheckpoint.Open(_files.Packed))
        {
            foreach ((string name, SparseLayer layer) in Sides.Model(model).OwnSparseLayers)
            {
                Assert.Equal(file.Read(name + ".weight").RowPermutation.ToArray(), layer.Permutation);
            }
        }

        foreach (StackLayer layer in model.Plan.Where(l => l.M > 0))
        {
            Values.SameBits(_files.Unpacked(layer.Name + ".weight"), Values.Of(layer.Linear.weight), layer.Name);
        }

        // The step that follows is the reference's on these weights, and searches no other permutation.
        int[]?[] permutations = [.. Sides.Model(model).OwnSparseLayers.Select(l => l.Layer.Permutation)];
        ReferenceStack.AssertStep(model, new Samples(3).Tensor(12, (int)model.Plan[0].Linear.in_features), decay: false, "after the load");
        Assert.Equal(permutations, Sides.Model(model).OwnSparseLayers.Select(l => l.Layer.Permutation));
        Assert.All(Sides.Model(model).OwnSparseLayers, l => Assert.Equal(0, l.Layer.Step));
        Assert.True(model.training);
    }

    [Fact]
    public void A_load_between_two_steps_is_no_step_of_the_clock()
    {
        Mlp model = Mlp.Create(1);
        _files.Write(Mlp.Create(2));
        using var optimizer = optim.SGD(model.parameters(), 0.05);
        Step(model, optimizer);
        Step(model, optimizer);
        Assert.Equal(1, Sides.Of(model, "fc1").Step);

        // The step that the optimizer made before the load counts, the load does not.
        Sides.Model(model).LoadSparse(_files.Packed, SparseLoad.Training);
        Step(model, optimizer);
        Assert.Equal(2, Sides.Of(model, "fc1").Step);
        Step(model, optimizer);
        Assert.Equal(3, Sides.Of(model, "fc1").Step);
    }

    private static void Step(Mlp model, torch.optim.Optimizer optimizer)
    {
        optimizer.zero_grad();
        model.call(new Samples(1).Tensor(8, 50)).square().mean().backward();
        optimizer.step();
    }
}
