using BiMaskGen.Checkpoints;
using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;
using BiMaskGen.Sparsify;

namespace BiMaskGen.Integration.Tests.Loading;

public sealed class LoadForInferenceTests : IDisposable
{
    private readonly PackedFiles _files = new();
    private readonly IDisposable _off = no_grad();

    public static TheoryData<string> Patterns => [.. Stacks.Patterns];

    public static TheoryData<DType> Types => [DType.F16, DType.BF16, DType.F64];

    public void Dispose()
    {
        _off.Dispose();
        _files.Dispose();
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Packed_inference_is_the_masked_dense_product_of_the_checkpoint(string pattern)
    {
        Stack source = Stacks.Create(pattern, 1), model = Stacks.Create(pattern, 2);
        _files.Write(source);
        Sides.Model(model).LoadSparse(_files.Packed);

        var reference = new ReferenceStack(source);
        int width = (int)source.Plan[0].Linear.in_features;
        for (int batch = 0; batch <= 70; batch++)
        {
            Tensor x = new Samples(batch).Tensor(batch, width);
            Values.Close(reference.Forward(x), model.call(x), $"output of {batch} rows");
        }

        Assert.False(model.training);
        Assert.All(Sides.Model(model).OwnSparseLayers, l => Assert.True(l.Layer.IsReleased));
        Assert.All(Sides.Model(model).OwnSparseLayers, l => Assert.Equal(new KernelCounters(70, 0, 0, 0, 0), l.Layer.Counters));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Other_types_of_the_file_are_converted(DType type)
    {
        Mlp source = Mlp.Create(1), model = Mlp.Create(2);
        _files.Write(source, type);
        Round(source, type);
        Sides.Model(model).LoadSparse(_files.Packed);

        Tensor x = new Samples(3).Tensor(9, 50);
        Values.Close(new ReferenceStack(source).Forward(x), model.call(x), "output");
    }

    [Fact]
    public void A_searched_order_of_the_channels_is_followed()
    {
        Mlp source = Mlp.Create(1), model = Mlp.Create(2);
        _files.Write(source, options: new SparsifyOptions { PermuteChannels = true });
        Sides.Model(model).LoadSparse(_files.Packed);

        // The order reaches groups that the columns' own order does not have: the same masks by another way would fail.
        Linear[] layers = [source.Fc1, source.Fc2];
        string[] keys = ["fc1.weight", "fc2.weight"];
        for (int i = 0; i < layers.Length; i++)
        {
            float[] weight = _files.Unpacked(keys[i]);
            Assert.NotEqual(0, weight.Zip(Values.Of(layers[i].weight)).Count(w => w.First != 0 && w.First == w.Second));
            Values.ToTensor(weight, layers[i].weight.shape).bytes.CopyTo(layers[i].weight.bytes);
        }

        foreach (int batch in new[] { 1, 5, 33, 64 })
        {
            Tensor x = new Samples(batch).Tensor(batch, 50);
            Tensor expected = source.Head.forward(relu(functional.linear(relu(functional.linear(x, source.Fc1.weight, source.Fc1.bias)), source.Fc2.weight, source.Fc2.bias)));
            Values.Close(expected, model.call(x), $"output of {batch} rows");
        }
    }

    [Fact]
    public void Nested_models_load_by_the_paths_of_their_layers()
    {
        manual_seed(1);
        SparseNet source = new(), model = new();
        source.eval();
        _files.Write(source);
        Sides.Model(model).LoadSparse(_files.Packed);

        Tensor x = new Samples(1).Tensor(6, Block.Width);
        Values.Close(source.call(x), model.call(x), "output");
    }

    [Fact]
    public void The_layers_hold_17_32_of_their_dense_bytes_at_2_4()
    {
        Aligned2x4 model = new();
        _files.Write(new Aligned2x4());
        Sides.Model(model).LoadSparse(_files.Packed);

        foreach ((_, SparseLayer layer) in Sides.Model(model).SparseLayers)
        {
            long dense = (long)layer.OutFeatures * layer.InFeatures * sizeof(float), held = layer.GetReport().ReleasedBytes!.Value;
            Assert.InRange(held, dense * 17 / 32, (dense * 17 / 32) + 256);
        }
    }

    [Fact]
    public void What_is_packed_in_the_file_and_dense_in_the_model_is_written_dense()
    {
        Mlp source = Mlp.Create(1), model = Mlp.Create(2);
        _files.SaveDense(source);
        _files.Sparsify([new("fc1.weight", new(2, 4)), new("head.weight", new(1, 2))]);
        Sides.Model(model).LoadSparse(_files.Packed);

        Assert.True(Sides.Of(model, "fc1").IsReleased);
        Assert.False(Sides.Of(model, "fc2").IsReleased);
        Values.SameBits(_files.Unpacked("head.weight"), Values.Of(model.Head.weight), "head.weight");
        Values.SameBits(Values.Of(source.Fc2.weight), Values.Of(model.Fc2.weight), "fc2.weight");
    }

    [Fact]
    public void Layers_over_one_weight_load_together_if_the_file_agrees()
    {
        Tied source = new(new Parameter(new Samples(1).Tensor(24, 24))), model = new(new Parameter(new Samples(2).Tensor(24, 24)));
        _files.SaveDense(source);
        _files.Sparsify([new("left.weight", new(2, 4)), new("right.weight", new(2, 4))]);
        Sides.Model(model).LoadSparse(_files.Packed);
        Tensor x = new Samples(3).Tensor(7, 24);
        Values.Close(new ReferenceStack(source).Forward(x), model.call(x), "output");

        _files.Sparsify([new("left.weight", new(2, 4)), new("right.weight", new(1, 4))]);
        Tied other = new(new Parameter(new Samples(2).Tensor(24, 24)));
        Assert.Equal("right.weight", Assert.Throws<NMSparseCheckpointException>(() => Sides.Model(other).LoadSparse(_files.Packed)).Key);
    }

    private static void Round(Mlp model, DType type)
    {
        foreach ((_, Parameter parameter) in model.named_parameters())
        {
            float[] single = Values.Of(parameter);
            byte[] bytes = new byte[single.Length * type.Bytes()];
            TensorConversion.FromSingle(type, single, bytes);
            TensorConversion.ToSingle(type, bytes, Values.Raw(parameter));
        }
    }
}
