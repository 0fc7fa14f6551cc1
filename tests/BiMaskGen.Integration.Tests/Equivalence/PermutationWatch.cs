namespace BiMaskGen.Integration.Tests.Equivalence;

/// <summary>Follows a layer's permutation over a run: always valid, new only when a search was due; none for a method that does not permute.</summary>
internal sealed class PermutationWatch(SparseLayer layer, int permuteEvery)
{
    private int[]? _last;

    /// <summary>Searches that found another permutation than the one before, the first search aside.</summary>
    public int Changes { get; private set; }

    /// <summary>After a training forward at this step.</summary>
    public void Check(int step)
    {
        Assert.Equal(step, layer.Step);
        if (layer.Method != SparseMethod.BiMask)
        {
            Assert.Null(layer.Permutation);
            return;
        }

        int[] now = layer.Permutation ?? throw new InvalidOperationException($"{layer.Name} has no permutation at step {step}.");
        Assert.Equal(Enumerable.Range(0, layer.OutFeatures), now.Order());
        if (_last is not null && !now.SequenceEqual(_last))
        {
            Assert.True(step % permuteEvery == 0, $"{layer.Name}: the permutation changed at step {step}.");
            Changes++;
        }

        _last = now;
    }
}
