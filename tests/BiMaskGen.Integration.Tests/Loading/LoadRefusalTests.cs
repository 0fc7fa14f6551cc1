using BiMaskGen.Checkpoints;
using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Sparsify;

namespace BiMaskGen.Integration.Tests.Loading;

public sealed class LoadRefusalTests : IDisposable
{
    private readonly PackedFiles _files = new();
    private readonly Mlp _model = Mlp.Create(2);
    private readonly Mlp _before = Mlp.Create(2);

    public static TheoryData<SparseLoad> Loads => [SparseLoad.Inference, SparseLoad.Training];

    public void Dispose() => _files.Dispose();

    [Theory]
    [MemberData(nameof(Loads))]
    public void Damage_in_the_last_layer_changes_nothing_of_the_first(SparseLoad load)
    {
        _files.Write(Mlp.Create(1));
        _files.Damage("fc2.weight");
        Assert.Equal("fc2.weight", Refused(load).Key);
    }

    [Theory]
    [MemberData(nameof(Loads))]
    public void Keys_that_do_not_agree_are_named_and_may_be_left_out(SparseLoad load)
    {
        Mlp source = Mlp.Create(1);
        _files.SaveDense(source, DType.F32, ("head.scale", ones(3)));
        _files.Sparsify([new("fc1.weight", new(2, 4)), new("fc2.weight", new(2, 4))]);
        string unknown = Refused(load).Message;
        Assert.Contains("head.scale", unknown, StringComparison.Ordinal);
        Assert.Contains("strict: false", unknown, StringComparison.Ordinal);

        Sides.Model(_model).LoadSparse(_files.Packed, load, strict: false);
        Values.SameBits(Values.Of(source.Head.weight), Values.Of(_model.Head.weight), "head.weight");
    }

    [Theory]
    [MemberData(nameof(Loads))]
    public void A_key_that_the_file_lacks_is_named(SparseLoad load)
    {
        using Aligned2x4 other = new();
        _files.Write(other);
        Assert.Contains("fc1.weight", Refused(load).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Loads))]
    public void Another_pattern_than_the_layers_is_refused(SparseLoad load)
    {
        _files.SaveDense(Mlp.Create(1));
        _files.Sparsify([new("fc1.weight", new(2, 4)), new("fc2.weight", new(1, 4))]);
        NMSparseCheckpointException e = Refused(load);
        Assert.Equal("fc2.weight", e.Key);
        Assert.Contains("1:4", e.Message, StringComparison.Ordinal);
        Assert.Contains("2:4", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_channel_order_is_refused_for_training()
    {
        _files.Write(Mlp.Create(1), options: new SparsifyOptions { PermuteChannels = true });
        Assert.Contains("order of the input channels", Refused(SparseLoad.Training).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Loads))]
    public void Another_shape_is_refused_with_both(SparseLoad load)
    {
        manual_seed(1);
        using Mlp source = Mlp.Create(1);
        source.Head.weight = new Parameter(rand(11, 70));
        _files.Write(source);
        NMSparseCheckpointException e = Refused(load);
        Assert.Equal("head.weight", e.Key);
        Assert.Contains("[11, 70]", e.Message, StringComparison.Ordinal);
        Assert.Contains("[10, 70]", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dense_file_is_no_packed_one()
    {
        _files.SaveDense(Mlp.Create(1));
        File.Copy(_files.Dense, _files.Packed);
        Assert.Contains("no packed checkpoint", Refused(SparseLoad.Inference).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_its_dense_weights_is_not_loaded_again()
    {
        _files.Write(Mlp.Create(1));
        Sides.Model(_model).LoadSparse(_files.Packed);
        Assert.Throws<NMSparseReleasedException>(() => Sides.Model(_model).LoadSparse(_files.Packed));
    }

    [Fact]
    public void A_weight_that_a_dense_layer_shares_is_not_given_up()
    {
        using TiedToDense model = new();
        _files.Write(model);
        float[] before = Values.Of(model.First.weight);
        Assert.ThrowsAny<NMSparseException>(() => Sides.Model(model).LoadSparse(_files.Packed));
        Values.SameBits(before, Values.Of(model.First.weight), "first.weight");
        Assert.All(Sides.Model(model).SparseLayers, l => Assert.False(l.Layer.IsReleased));
    }

    private NMSparseCheckpointException Refused(SparseLoad load)
    {
        NMSparseCheckpointException e = Assert.Throws<NMSparseCheckpointException>(() => Sides.Model(_model).LoadSparse(_files.Packed, load));
        Assert.Equal(_files.Packed, e.Path);
        Values.SameParameters(_before, _model, "after the refusal");
        Assert.True(_model.training);
        Assert.All(Sides.Model(_model).SparseLayers, l => Assert.False(l.Layer.IsReleased));
        return e;
    }
}
