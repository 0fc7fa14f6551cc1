using BiMaskGen.Benchmarks.Contenders;
using BiMaskGen.Benchmarks.Libraries;
using BiMaskGen.Benchmarks.Machine;
using BiMaskGen.Benchmarks.Measuring;

namespace BiMaskGen.Benchmarks.Works;

/// <summary>y = x (W⊙Mf)ᵀ or dX = g (W⊙Mb), no bias and no activation on either side.</summary>
internal sealed unsafe class ProductWork(string name, Direction direction, ProductCells cells) : Work(name)
{
    internal override bool IsMemoryBound => cells.IsMemoryBound;

    internal override IEnumerable<RowSpec> Rows(int threads) =>
        from pattern in cells.Patterns
        from batch in cells.Batches
        from size in cells.Sizes
        select new RowSpec(Name, pattern, batch, size, size, threads);

    internal override double? Target(RowSpec row) => cells.Target(row);

    internal override Measurement Prepare(RowSpec row, DenseLibraries libraries)
    {
        bool forward = direction == Direction.Forward;
        int contraction = forward ? row.In : row.Out, outputs = forward ? row.Out : row.In;
        Matrix weight = Matrix.Random(row.Out, row.In, seed: 1), input = Matrix.Random(row.Rows, contraction, seed: 2);
        var output = new Matrix(row.Rows, outputs);
        NMPattern pattern = PatternLabel.Parse(row.Pattern);
        SparseOperand operand = SparseOperand.Create(pattern, direction, weight, row.Rows);
        List<Contender> contenders = [new("sparse", Role.Subject, () => operand.Multiply(input.Pointer, row.Rows, output.Pointer))];
        foreach (DenseLibrary library in libraries.All)
        {
            contenders.Add(new(
                library.Name,
                library is OwnGemm ? Role.OwnDense : Role.Library,
                () => library.Multiply(false, forward, row.Rows, outputs, contraction, input.Pointer, weight.Pointer, output.Pointer)));
        }

        double flops = 2.0 * row.Rows * row.In * row.Out * pattern.N / pattern.M;
        return new ProductMeasurement(flops, operand.Bytes + input.Bytes + output.Bytes, output, contenders, [weight, input]);
    }
}
