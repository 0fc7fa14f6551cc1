using System.ComponentModel;

namespace BiMaskGen;

/// <summary>
/// The sparse side of one layer of a model: its pattern, method, clock, permutation and statistics. It belongs to the layer object and is
/// freed with it. Thread-safe.
/// </summary>
public abstract class SparseLayer
{
    private protected SparseLayer(Training.SparseLayerOptions options, int outFeatures, int inFeatures)
    {
        Options = options;
        OutFeatures = outFeatures;
        InFeatures = inFeatures;
    }

    /// <summary>Model class and member, as messages name the layer.</summary>
    public string Name => Options.Name;

    /// <summary>The N:M pattern.</summary>
    public NMPattern Pattern => Options.Pattern;

    /// <summary>The training method.</summary>
    public SparseMethod Method => Options.Method;

    /// <summary>What the generator baked in.</summary>
    public Training.SparseLayerOptions Options { get; }

    /// <summary>Rows of the weight.</summary>
    public int OutFeatures { get; }

    /// <summary>Columns of the weight; of a convolution those of the matrix that it is multiplied as, taps filled up to whole groups.</summary>
    public int InFeatures { get; }

    /// <summary>
    /// The layer's clock: training steps counted so far. A step is counted at the first grad-enabled forward that finds the
    /// weights changed; the first use and loads do not count. Setting it moves the schedules of the method and of permutation searches.
    /// </summary>
    public abstract long Step { get; set; }

    /// <summary>
    /// Optimizer steps of the whole run, for the schedules that depend on it; null if neither the attribute nor the user says it. Setting it
    /// moves the schedule.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public abstract long? TotalSteps { get; set; }

    /// <summary>Multiplies λ, for training under loss scaling; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public abstract double LossScale { get; set; }

    /// <summary>A copy of the row permutation π (permutation[r] = original row at position r), or null before the first search.</summary>
    public abstract int[]? Permutation { get; }

    /// <summary>How often each kernel ran.</summary>
    public abstract KernelCounters Counters { get; }

    /// <summary>
    /// Whether the dense weight was given up for inference (<see cref="SparseModelExtensions.ReleaseDense(INMSparseModel)"/>): the layer
    /// computes, and does nothing else any more.
    /// </summary>
    public abstract bool IsReleased { get; }

    /// <summary>How the emitted code gives up the dense weight; set by it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Training.IDenseWeight? Dense { get; set; }

    /// <summary>The dense weight.</summary>
    /// <exception cref="NMSparseException">No emitted code said where it is.</exception>
    internal Training.IDenseWeight DenseWeight => Dense
        ?? throw new NMSparseException($"{Name}: nothing says where its dense weight is; only layers of emitted models can be released, loaded or decayed.");

    /// <summary>
    /// Forgets masks and packed weights, so that the next use makes them from the weights as they are then. Needed by nobody who
    /// changes weights in the usual ways: every use compares them. A released layer has nothing to make them from and keeps them.
    /// </summary>
    public abstract void Invalidate();

    /// <summary>The statistics of the masks of the weights last used.</summary>
    public abstract LayerReport GetReport();

    /// <summary>Throws if the layer is released.</summary>
    /// <exception cref="NMSparseReleasedException">It is.</exception>
    internal abstract void RefuseReleased(string operation);

    /// <summary>Goes on with a permutation of the rows that was found elsewhere; an empty one changes nothing.</summary>
    internal abstract void SetPermutation(ReadOnlySpan<int> permutation);

    /// <summary>Whether the method keeps a mask while the weights change.</summary>
    internal abstract bool KeepsMask { get; }

    /// <summary>A copy of the masks of the weights last used; null before the first use and after a release.</summary>
    internal abstract Reports.LayerMasks? CopyMasks();

    internal abstract LayerState ExportState();

    internal abstract void ImportState(LayerState state);
}
