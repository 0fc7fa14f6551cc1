using BiMaskGen.Benchmarks.Libraries;
using BiMaskGen.Benchmarks.Machine;
using BiMaskGen.Benchmarks.Works;
using BiMaskGen.Kernels;
using BiMaskGen.Masks;
using BiMaskGen.Permutations;

namespace BiMaskGen.Benchmarks.Steps;

/// <summary>
/// y = W₂ gelu(W₁ x + b₁) + b₂ somewhere inside a model: forward, and all gradients including that of x.
/// </summary>
internal sealed class Block : IDisposable
{
    private readonly Matrix _x, _w1, _b1, _z1, _a1, _w2, _b2, _y, _g;
    private readonly Matrix _dx, _dw1, _db1, _da1, _dw2, _db2;
    private readonly StepLayer _first, _second;

    internal Block(int rows, int width, int hidden, StepLayerFactory layers)
    {
        _x = Matrix.Random(rows, width, seed: 1);
        _g = Matrix.Random(rows, width, seed: 2);
        _w1 = Matrix.Random(hidden, width, seed: 3, scale: 0.05f);
        _b1 = Matrix.Random(1, hidden, seed: 4);
        _w2 = Matrix.Random(width, hidden, seed: 5, scale: 0.05f);
        _b2 = Matrix.Random(1, width, seed: 6);
        (_z1, _a1, _da1) = (new(rows, hidden), new(rows, hidden), new(rows, hidden));
        (_y, _dx) = (new(rows, width), new(rows, width));
        (_dw1, _db1, _dw2, _db2) = (new(hidden, width), new(1, hidden), new(width, hidden), new(1, width));
        _first = layers(_w1, _b1);
        _second = layers(_w2, _b2);
    }

    private IEnumerable<(string Name, Matrix Value)> Results =>
        [("y", _y), ("dX", _dx), ("dW1", _dw1), ("db1", _db1), ("dW2", _dw2), ("db2", _db2)];

    /// <summary>As an optimizer does: one entry is enough for everything made from the weights to be stale.</summary>
    internal void MoveWeights()
    {
        _w1.Span[0] = -_w1.Span[0];
        _w2.Span[0] = -_w2.Span[0];
    }

    /// <summary>One step without the optimizer.</summary>
    internal void Run()
    {
        _first.Begin(_x.Rows, Activation.Gelu);
        _first.Forward(_x, Activation.Gelu, _a1, _z1);
        _second.Begin(_x.Rows, Activation.None);
        _second.Forward(_a1, Activation.None, _y, z: null);

        _second.BackwardInput(_g, _da1);
        _second.BackwardWeight(_g, _a1, _dw2);
        StepLayer.BackwardBias(_g, _db2);
        _second.End();

        StepLayer.BackwardActivation(Activation.Gelu, _da1, _z1);
        _first.BackwardInput(_da1, _dx);
        _first.BackwardWeight(_da1, _x, _dw1);
        StepLayer.BackwardBias(_da1, _db1);
        _first.End();
    }

    /// <summary>Searches the row permutations of both layers, as a step does every ΔT.</summary>
    internal void SearchPermutations(NMPattern pattern)
    {
        foreach (Matrix weight in (Matrix[])[_w1, _w2])
        {
            NMMask forward = new(weight.Rows, weight.Columns);
            ForwardMask.Compute(pattern, weight.Span, weight.Rows, weight.Columns, forward);
            RowPermutation.Find(forward, pattern, new PermutationSearchOptions(PermutationSearch.Swap));
        }
    }

    /// <summary>Compares all results with those of the same block on the masked weights and our dense product.</summary>
    /// <param name="dense">Our dense product.</param>
    /// <param name="sampled">Whether the weight gradients are right in the mean alone.</param>
    /// <exception cref="InvalidDataException">A result is wrong.</exception>
    internal void CheckAgainstMaskedDense(OwnGemm dense, bool sampled)
    {
        MoveWeights();
        Run();
        (Matrix f1, Matrix m1, Matrix decay1) = ((SparseStepLayer)_first).MaskedWeights();
        (Matrix f2, Matrix m2, Matrix decay2) = ((SparseStepLayer)_second).MaskedWeights();
        using Matrix forward1 = f1, backward1 = m1, added1 = decay1, forward2 = f2, backward2 = m2, added2 = decay2;
        using var reference = new Block(_x.Rows, _x.Columns, _a1.Columns, (weight, bias) => weight.Columns == _x.Columns
            ? new DenseStepLayer(dense, forward1, backward1, bias)
            : new DenseStepLayer(dense, forward2, backward2, bias));
        reference.Run();
        string[] inMean = sampled ? ["dW1", "dW2"] : [];
        foreach (((string name, Matrix value), (_, Matrix expected)) in Results.Zip(reference.Results).Where(r => inMean.Contains(r.First.Name)))
        {
            CheckMean(value, expected, $"{name} of the sparse step");
        }

        Add(reference._dw1.Span, added1.Span);
        Add(reference._dw2.Span, added2.Span);
        foreach (((string name, Matrix value), (_, Matrix expected)) in Results.Zip(reference.Results).Where(r => !inMean.Contains(r.First.Name)))
        {
            Comparison.Require(value.Span, expected.Span, $"{name} of the sparse step");
        }
    }

    // The weights rest between the runs: the decay, which came with the run before, does not come again.
    private void CheckMean(Matrix value, Matrix expected, string what)
    {
        const int runs = 16;
        var mean = new MeanComparison(expected);
        for (int run = 0; run < runs; run++)
        {
            Run();
            mean.Add(value);
        }

        mean.Require(what);
    }

    public void Dispose()
    {
        foreach (Matrix matrix in (Matrix[])[_x, _w1, _b1, _z1, _a1, _w2, _b2, _y, _g, _dx, _dw1, _db1, _da1, _dw2, _db2])
        {
            matrix.Dispose();
        }
    }

    private static void Add(Span<float> sum, ReadOnlySpan<float> term)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += term[i];
        }
    }
}
