using BiMaskGen.Benchmarks.Contenders;
using BiMaskGen.Benchmarks.Libraries;
using BiMaskGen.Benchmarks.Machine;
using BiMaskGen.Benchmarks.Measuring;

namespace BiMaskGen.Benchmarks.Works;

/// <summary>
/// y = x (W⊙Mf)ᵀ for one row of x, the weights in memory: each call takes the next of several copies, together twice the largest cache.
/// </summary>
internal sealed unsafe class SingleRowWork() : Work("y-row")
{
    private const int Size = 4096;

    internal override bool IsMemoryBound => true;

    internal override IEnumerable<RowSpec> Rows(int threads) =>
        from pattern in (string[])["2:4", "1:16"]
        select new RowSpec(Name, pattern, 1, Size, Size, threads);

    internal override double? Target(RowSpec row) => row.Pattern == "2:4" ? 1.65 : null;

    internal override Measurement Prepare(RowSpec row, DenseLibraries libraries)
    {
        Matrix input = Matrix.Random(1, row.In, seed: 2), weight = Matrix.Random(row.Out, row.In, seed: 1);
        var output = new Matrix(1, row.Out);
        NMPattern pattern = PatternLabel.Parse(row.Pattern);
        SparseOperand first = SparseOperand.Create(pattern, Direction.Forward, weight, 1);
        SparseOperand[] packed = [first, .. Copies(first.Bytes, () => SparseOperand.Create(pattern, Direction.Forward, weight, 1))];
        Matrix[] dense = [weight, .. Copies(weight.Bytes, () => Copy(weight))];

        var nextPacked = new Rotation<SparseOperand>(packed);
        List<Contender> contenders = [new("sparse", Role.Subject, () => nextPacked.Next().Multiply(input.Pointer, 1, output.Pointer))];
        foreach (DenseLibrary library in libraries.All)
        {
            var next = new Rotation<Matrix>(dense);
            Role role = library is OwnGemm ? Role.OwnDense : Role.Library;
            contenders.Add(new(
                library.Name,
                role,
                () => library.Multiply(false, true, 1, row.Out, row.In, input.Pointer, next.Next().Pointer, output.Pointer)));
            if (library.ForOneRow is { } multiply)
            {
                contenders.Add(new(
                    library.Name + " sgemv", role, () => multiply(row.Out, row.In, next.Next().Pointer, input.Pointer, output.Pointer)));
            }
        }

        double flops = 2.0 * row.In * row.Out * pattern.N / pattern.M;
        return new ProductMeasurement(flops, first.Bytes + input.Bytes + output.Bytes, output, contenders, [input, .. dense]);
    }

    private static IEnumerable<T> Copies<T>(long bytes, Func<T> make) =>
        Enumerable.Range(0, checked((int)(2 * Caches.Largest / bytes))).Select(_ => make());

    private static Matrix Copy(Matrix source)
    {
        var copy = new Matrix(source.Rows, source.Columns);
        source.Span.CopyTo(copy.Span);
        return copy;
    }

    private sealed class Rotation<T>(T[] items)
    {
        private int _next;

        internal T Next()
        {
            T item = items[_next];
            _next = _next + 1 == items.Length ? 0 : _next + 1;
            return item;
        }
    }
}
