using BiMaskGen.Benchmarks.Libraries;
using BiMaskGen.Benchmarks.Machine;
using BiMaskGen.Benchmarks.Measuring;
using BiMaskGen.Benchmarks.Reports;
using BiMaskGen.Benchmarks.Works;

namespace BiMaskGen.Benchmarks;

/// <summary>The verb <c>compare</c>: measures the chosen rows one after the other.</summary>
internal sealed class Comparing(CompareSettings settings)
{
    // A thread that does less than this part of what one thread did alone shares its CPU.
    private const double SharedCpus = 0.85;

    private readonly Budget _budget = settings.Quick ? Budget.Quick : Budget.Full;
    private readonly Dictionary<int, double> _peaks = [], _bandwidths = [];

    /// <exception cref="InvalidDataException">No row fits, the process runs at another instruction set, or a result is wrong.</exception>
    internal int Run()
    {
        Isa.Require(settings.RequireIsa);
        (Work Work, RowSpec Row)[] rows = [.. Select()];
        if (rows.Length == 0)
        {
            throw new InvalidDataException($"No row contains \"{settings.Only}\"; --list prints them all.");
        }

        if (settings.List)
        {
            Console.Out.WriteLine(string.Join('\n', rows.Select(row => row.Row.Label)));
            return 0;
        }

        if (settings.Json is not null)
        {
            ResultFile.CheckPath(settings.Json);
        }

        Measure(rows);
        return 0;
    }

    private void Measure((Work Work, RowSpec Row)[] rows)
    {
        DenseLibraries libraries = Load();
        MeasureMachine(libraries, rows);
        var table = new Table();
        var results = new List<Result>();
        foreach ((Work work, RowSpec row) in rows)
        {
            libraries.UseThreads(row.Threads);
            using Measurement measurement = work.Prepare(row, libraries);
            measurement.Check();
            Timing[] timings = Interleaved.Measure(measurement.Contenders, row.Threads, _budget);
            double? bandwidth = work.IsMemoryBound ? _bandwidths[row.Threads] : null;
            var result = new Result(row, work, measurement, timings, _peaks[row.Threads], bandwidth);
            results.Add(result);
            table.Add(result);
            Table.Remark(measurement.Remark(result.SparseMs));
        }

        table.Finish();
        if (settings.Json is not null)
        {
            ResultFile.Write(settings.Json, results);
        }
    }

    private static DenseLibraries Load()
    {
        DenseLibraries libraries = DenseLibraries.Load();
        string pinning = Cpus.CanPin
            ? $"pinned to the last of CPUs {string.Join(',', Cpus.Allowed)}"
            : "not pinned: this system has no sched_setaffinity";
        Console.Out.WriteLine($"kernels at {Isa.Name}; {pinning}");
        foreach (string finding in libraries.Findings)
        {
            Console.Out.WriteLine(finding);
        }

        return libraries;
    }

    private void MeasureMachine(DenseLibraries libraries, (Work Work, RowSpec Row)[] rows)
    {
        foreach (int threads in rows.Select(row => row.Row.Threads).Distinct())
        {
            libraries.UseThreads(threads);
            _peaks[threads] = FmaPeak.Measure(threads);
            Console.Out.WriteLine(FormattableString.Invariant($"FMA peak, {threads} threads: {_peaks[threads]:f1} GFLOP/s"));
            if (_peaks[threads] / threads < SharedCpus * _peaks.Max(peak => peak.Value / peak.Key))
            {
                Console.Out.WriteLine($"Warning: {threads} threads do not get as many CPUs to themselves; their rows say little.");
            }

            if (rows.Any(row => row.Row.Threads == threads && row.Work.IsMemoryBound))
            {
                _bandwidths[threads] = CopyBandwidth.Measure(threads);
                Console.Out.WriteLine(FormattableString.Invariant($"copy, {threads} threads: {_bandwidths[threads]:f1} GB/s read and written"));
            }
        }
    }

    private IEnumerable<(Work Work, RowSpec Row)> Select() =>
        from work in Work.All
        from threads in settings.Threads
        from row in work.Rows(threads)
        where row.Label.Contains(settings.Only, StringComparison.OrdinalIgnoreCase)
        select (work, row);
}
