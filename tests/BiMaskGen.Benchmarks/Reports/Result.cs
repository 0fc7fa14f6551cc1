using BiMaskGen.Benchmarks.Measuring;
using BiMaskGen.Benchmarks.Works;

namespace BiMaskGen.Benchmarks.Reports;

/// <summary>What was measured of one row; what the JSON file holds of it is public.</summary>
internal sealed class Result
{
    private readonly Timing _subject;

    internal Result(RowSpec row, Work work, Measurement measurement, IReadOnlyList<Timing> timings, double peak, double? copyBandwidth)
    {
        _subject = timings[0];
        Row = row;
        Target = work.Target(row);
        Timing[] libraries = [.. timings.Where(t => t.Contender.Role == Role.Library)];
        DenseMs = libraries.ToDictionary(t => t.Contender.Name, t => t.Median);
        IsVoid = !DenseMs.ContainsKey("oneDNN");
        Rival = libraries.Where(t => work.Rival is null || t.Contender.Name == work.Rival).MinBy(t => t.Median);
        Ratio = IsVoid || Rival is null ? null : _subject.Advantage(Rival);
        OwnRatio = timings.FirstOrDefault(t => t.Contender.Role == Role.OwnDense) is { } own ? _subject.Advantage(own) : null;
        GigaFlops = measurement.Flops / SparseMs / 1e6;
        FractionOfPeak = GigaFlops / peak;
        GigaBytes = work.IsMemoryBound ? measurement.Bytes / SparseMs / 1e6 : null;
        FractionOfCopy = GigaBytes / copyBandwidth;
    }

    public string Work => Row.Work;

    public string Pattern => Row.Pattern;

    public int Rows => Row.Rows;

    public int In => Row.In;

    public int Out => Row.Out;

    public int Threads => Row.Threads;

    public string Isa => Machine.Isa.Name;

    public double SparseMs => _subject.Median;

    public Dictionary<string, double> DenseMs { get; }

    /// <summary>Of the fastest library to ours; null where the row is void.</summary>
    public double? Ratio { get; }

    public double? Target { get; }

    public double FractionOfPeak { get; }

    internal RowSpec Row { get; }

    /// <summary>Without oneDNN a comparison says nothing.</summary>
    internal bool IsVoid { get; }

    /// <summary>The library that the ratio is to.</summary>
    internal Timing? Rival { get; }

    /// <summary>Of our own dense product to ours.</summary>
    internal double? OwnRatio { get; }

    internal double GigaFlops { get; }

    internal double? GigaBytes { get; }

    /// <summary>Of the bytes per second that a copy moves.</summary>
    internal double? FractionOfCopy { get; }
}
