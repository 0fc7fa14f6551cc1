using BiMaskGen.Benchmarks.Measuring;

namespace BiMaskGen.Benchmarks.Works;

/// <summary>A row made ready: its contenders on the same operands.</summary>
internal abstract class Measurement : IDisposable
{
    /// <summary>The subject first.</summary>
    internal abstract IReadOnlyList<Contender> Contenders { get; }

    /// <summary>Floating-point operations that the subject does: those of pruned weights are not among them.</summary>
    internal abstract double Flops { get; }

    /// <summary>Bytes that the subject has to move at least; used where memory is what bounds it.</summary>
    internal virtual long Bytes => 0;

    /// <summary>Compares the results of the contenders; no row is timed before.</summary>
    /// <exception cref="InvalidDataException">A result is wrong.</exception>
    internal abstract void Check();

    /// <summary>What else is to be said of the row, printed below it; null for nothing.</summary>
    /// <param name="milliseconds">Of the subject.</param>
    internal virtual string? Remark(double milliseconds) => null;

    public abstract void Dispose();
}
