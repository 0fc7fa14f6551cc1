using System.Numerics;
using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Dispatch;

/// <summary>
/// Chooses between the sparse and the masked dense kernel for one product of one layer, per size class of the batch (powers of two).
/// Choices are measured once in a process (<see cref="KernelTrial"/>) and shared by layers of one shape, but for those that were loaded
/// with the layer's state. Not thread-safe: the layer's lock guards it.
/// </summary>
/// <param name="pattern">N:M.</param>
/// <param name="outFeatures">Rows of the weight.</param>
/// <param name="inFeatures">Columns of the weight.</param>
/// <param name="product">The product.</param>
internal sealed class KernelChooser(NMPattern pattern, int outFeatures, int inFeatures, KernelProduct product)
{
    // The smallest layers of docs/kernels.md, where the sparse kernels win at every pattern but for small batches.
    private const long SparseFrom = 512 * 512;

    private readonly SortedDictionary<(int Bucket, bool Training), Use> _uses = [];

    /// <summary>What was decided: size class, kernel, median ticks of the sparse and the dense product (0 if not measured), calls so far.</summary>
    public IEnumerable<(int Bucket, bool Training, KernelKind Kernel, long SparseTicks, long DenseTicks, long Calls)> Decisions =>
        _uses.Where(u => u.Value.Choice != KernelKind.Undecided)
            .Select(u => (u.Key.Bucket, u.Key.Training, u.Value.Choice, u.Value.Trial.SparseTicks, u.Value.Trial.DenseTicks, u.Value.Calls));

    /// <summary>The size class of a batch: ⌈log₂ rows⌉.</summary>
    public static int Bucket(int rows) => rows <= 1 ? 0 : BitOperations.Log2((uint)rows - 1) + 1;

    /// <summary>The kernel for the next call.</summary>
    /// <param name="rows">Batch rows.</param>
    /// <param name="training">Whether grad mode is on.</param>
    /// <param name="timed">The trial that wants the time of the call; null if none does.</param>
    public KernelKind Next(int rows, bool training, out KernelTrial? timed)
    {
        timed = null;
        switch (KernelPolicy.Mode)
        {
            case KernelMode.Sparse:
                return KernelKind.SparseCpu;
            case KernelMode.Dense:
            case KernelMode.Torch:
                return KernelKind.MaskedDense;
        }

        Use use = UseOf(Bucket(rows), training);
        use.Calls++;
        if (KernelPolicy.Mode == KernelMode.Deterministic && use.Restored == KernelKind.Undecided)
        {
            use.Restored = (long)outFeatures * inFeatures >= SparseFrom ? KernelKind.SparseCpu : KernelKind.MaskedDense;
        }

        if (use.Restored != KernelKind.Undecided)
        {
            return use.Restored;
        }

        KernelKind kernel = use.Trial.Next(out bool isTrial);
        timed = isTrial ? use.Trial : null;
        return kernel;
    }

    /// <summary>Pins a choice that was saved.</summary>
    public void Restore(int bucket, bool training, KernelKind kernel) => UseOf(bucket, training).Restored = kernel;

    private Use UseOf(int bucket, bool training)
    {
        if (!_uses.TryGetValue((bucket, training), out Use? use))
        {
            var key = new KernelKey(pattern, outFeatures, inFeatures, product, training, bucket, CpuPool.Threads);
            _uses.Add((bucket, training), use = new Use(KernelTrial.Of(key)));
        }

        return use;
    }

    private sealed class Use(KernelTrial trial)
    {
        public KernelTrial Trial { get; } = trial;

        public KernelKind Restored { get; set; }

        public long Calls { get; set; }

        public KernelKind Choice => Restored != KernelKind.Undecided ? Restored : Trial.Choice;
    }
}
