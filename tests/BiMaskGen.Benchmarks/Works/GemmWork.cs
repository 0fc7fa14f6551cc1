using BiMaskGen.Benchmarks.Libraries;
using BiMaskGen.Benchmarks.Machine;
using BiMaskGen.Benchmarks.Measuring;

namespace BiMaskGen.Benchmarks.Works;

/// <summary>Our dense product against those of the libraries; held to oneDNN.</summary>
internal sealed unsafe class GemmWork() : Work("gemm")
{
    internal override string? Rival => "oneDNN";

    internal override IEnumerable<RowSpec> Rows(int threads) =>
        from form in (string[])["NN", "NT", "TN"]
        from size in (int[])[256, 512, 1024, 2048, 4096]
        select new RowSpec(Name, form, size, size, size, threads);

    internal override double? Target(RowSpec row) => 0.95;

    internal override Measurement Prepare(RowSpec row, DenseLibraries libraries)
    {
        bool transposeA = row.Pattern[0] == 'T', transposeB = row.Pattern[1] == 'T';
        Matrix a = transposeA ? Matrix.Random(row.In, row.Rows, seed: 1) : Matrix.Random(row.Rows, row.In, seed: 1);
        Matrix b = transposeB ? Matrix.Random(row.Out, row.In, seed: 2) : Matrix.Random(row.In, row.Out, seed: 2);
        var c = new Matrix(row.Rows, row.Out);
        Contender Of(DenseLibrary library, Role role) =>
            new(library.Name, role, () => library.Multiply(transposeA, transposeB, row.Rows, row.Out, row.In, a.Pointer, b.Pointer, c.Pointer));
        return new ProductMeasurement(
            2.0 * row.Rows * row.In * row.Out,
            a.Bytes + b.Bytes + c.Bytes,
            c,
            [Of(libraries.Own, Role.Subject), .. libraries.Installed.Select(library => Of(library, Role.Library))],
            [a, b]);
    }
}
