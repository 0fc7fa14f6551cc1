using BiMaskGen.Benchmarks.Contenders;
using BiMaskGen.Benchmarks.Libraries;
using BiMaskGen.Benchmarks.Measuring;
using BiMaskGen.Benchmarks.Steps;
using BiMaskGen.Training;

namespace BiMaskGen.Benchmarks.Works;

/// <summary>A whole training step of a GELU block, the weights moved before each: see <see cref="Block"/>.</summary>
internal sealed class StepWork() : Work("step")
{
    private const int BatchRows = 1024;
    private const int Width = 768;
    private const int Hidden = 3072;

    internal override IEnumerable<RowSpec> Rows(int threads) =>
        from variant in StepVariant.All
        select new RowSpec(Name, variant.Name, BatchRows, Width, Hidden, threads);

    internal override double? Target(RowSpec row) => StepVariant.Named(row.Pattern).Target;

    internal override Measurement Prepare(RowSpec row, DenseLibraries libraries) => new StepMeasurement(row, libraries);

    private sealed class StepMeasurement : Measurement
    {
        private readonly RowSpec _row;
        private readonly DenseLibraries _libraries;
        private readonly Block _sparse;
        private readonly List<Block> _blocks = [];
        private readonly List<Contender> _contenders = [];

        internal StepMeasurement(RowSpec row, DenseLibraries libraries)
        {
            // The layers' own choice is measured elsewhere; here the sparse kernels have to show what they do.
            KernelPolicy.Mode = KernelMode.Sparse;
            _row = row;
            _libraries = libraries;
            StepVariant variant = StepVariant.Named(row.Pattern);
            _sparse = Add("sparse", Role.Subject, (weight, bias) => new SparseStepLayer(variant.Options, weight, bias));
            foreach (DenseLibrary library in libraries.All)
            {
                Role role = library is OwnGemm ? Role.OwnDense : Role.Library;
                Add(library.Name, role, (weight, bias) => new DenseStepLayer(library, weight, weight, bias));
            }
        }

        internal override IReadOnlyList<Contender> Contenders => _contenders;

        internal override double Flops
        {
            get
            {
                NMPattern pattern = PatternLabel.Parse(_row.Pattern);
                double kept = (double)pattern.N / pattern.M, weights = 2.0 * _row.In * _row.Out;
                return 2 * _row.Rows * weights * (kept + kept + (StepVariant.Named(_row.Pattern).Options.Mvue ? 0.5 : 1));
            }
        }

        internal override void Check() =>
            _sparse.CheckAgainstMaskedDense(_libraries.Own, StepVariant.Named(_row.Pattern).Options.Mvue);

        internal override string Remark(double milliseconds)
        {
            SparseLayerOptions options = StepVariant.Named(_row.Pattern).Options;
            var search = new Contender("search", Role.Subject, () => _sparse.SearchPermutations(options.Pattern));
            double found = Interleaved.Measure([search], _row.Threads, Budget.Quick)[0].Median;
            return FormattableString.Invariant(
                $"permutation search every {options.PermuteEvery} steps: {found:f1} ms, {found / (options.PermuteEvery * milliseconds):p2} of the time");
        }

        public override void Dispose() => _blocks.ForEach(block => block.Dispose());

        private Block Add(string name, Role role, StepLayerFactory layers)
        {
            var block = new Block(_row.Rows, _row.In, _row.Out, layers);
            _blocks.Add(block);
            _contenders.Add(new(name, role, () =>
            {
                block.MoveWeights();
                block.Run();
            }));
            return block;
        }
    }
}
