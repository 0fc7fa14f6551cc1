using System.Diagnostics;
using BiMaskGen.Dispatch;
using BiMaskGen.Kernels;
using BiMaskGen.Training.Methods;

namespace BiMaskGen.Training;

/// <summary>
/// A linear layer under a training method. For Bi-Mask: y = x (W⊙Mf)ᵀ + b, dX = g (W⊙Mb), dW = gᵀx + λ(1−Mf)⊙W (Zhang et al., ICML 2023).
/// The emitted code calls <see cref="Begin"/>, <see cref="Forward(LinearCall, MatrixView, MatrixView, MatrixView, MatrixView)"/>, the gradients, and <see cref="End(LinearCall)"/>.
/// </summary>
public abstract partial class SparseLinear : SparseLayer
{
    private readonly Lock _gate = new();
    private readonly LayerClock _clock = new();
    private readonly TrainingMethod _method;
    private readonly TrainingSchedule _schedule;
    private readonly LayerHistory _history = new();
    private readonly KernelChooser _forwardChooser;
    private readonly KernelChooser _backwardChooser;
    private LinearWeights? _current;
    private double _lossScale = 1;

    private protected SparseLinear(SparseLayerOptions options, int outFeatures, int inFeatures, ConvolutionColumns? columns)
        : base(options, outFeatures, inFeatures)
    {
        Columns = columns;
        _method = TrainingMethods.Of(options);
        _schedule = new TrainingSchedule(_method, options);
        _forwardChooser = new KernelChooser(Pattern, outFeatures, inFeatures, KernelProduct.Output);
        _backwardChooser = new KernelChooser(Pattern, outFeatures, inFeatures, KernelProduct.InputGradient);
        _weightChooser = new KernelChooser(Pattern, outFeatures, inFeatures, KernelProduct.WeightGradient);
    }

    /// <inheritdoc/>
    public override long Step
    {
        get
        {
            lock (_gate)
            {
                return _clock.Step;
            }
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            lock (_gate)
            {
                _clock.Step = value;
            }
        }
    }

    /// <inheritdoc/>
    public override double LossScale
    {
        get => Volatile.Read(ref _lossScale);
        set
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "A loss scale is finite.");
            }

            Volatile.Write(ref _lossScale, value);
        }
    }

    /// <inheritdoc/>
    public override int[]? Permutation
    {
        get
        {
            lock (_gate)
            {
                return (int[]?)_history.Permutation?.Clone();
            }
        }
    }

    /// <inheritdoc/>
    public override long? TotalSteps
    {
        get
        {
            lock (_gate)
            {
                return _schedule.TotalSteps;
            }
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1, nameof(value));
            lock (_gate)
            {
                _schedule.TotalSteps = value;
            }
        }
    }

    /// <summary>How a convolution's weight becomes the matrix that everything here calls W; null for a Linear, whose weight is that matrix.</summary>
    public ConvolutionColumns? Columns { get; }

    /// <summary>Whether dW is multiplied by what the method multiplies W by.</summary>
    public bool MasksGradient => _method.MasksGradient;

    /// <inheritdoc/>
    public override void Invalidate()
    {
        lock (_gate)
        {
            _current = null;
            _cuda?.Retire();
        }
    }

    /// <summary>
    /// Opens a forward: makes masks and operands from the weights if they changed, advances the clock in training, chooses kernels.
    /// </summary>
    /// <param name="weight">W, [out_features, in_features].</param>
    /// <param name="rows">Batch rows.</param>
    /// <param name="training">Whether grad mode is on: only then the clock counts and the permutation is refreshed.</param>
    /// <param name="wantsInputGradient">Whether dX will be wanted.</param>
    /// <param name="activation">The activation to fuse.</param>
    /// <returns>The call; <see cref="End(LinearCall)"/> gives back what it holds.</returns>
    /// <exception cref="NMSparseShapeException">W has another shape than this layer.</exception>
    /// <exception cref="NMSparseValueException">W holds a NaN or an infinity.</exception>
    /// <exception cref="NMSparseReleasedException">The dense weight was released.</exception>
    /// <exception cref="NMSparseException">The schedule depends on the length of the run, which nobody said; or a decoupled decay was forgotten.</exception>
    public LinearCall Begin(MatrixView weight, int rows, bool training, bool wantsInputGradient, Activation activation)
    {
        CheckView(weight, OutFeatures, InFeatures, "weight");
        lock (_gate)
        {
            LinearWeights weights = Refresh(weight, training, training && wantsInputGradient);
            KernelKind forward = KernelKind.MaskedDense, backward = KernelKind.Undecided;
            KernelTrial? timeForward = null, timeBackward = null;
            if (weights.PacksForward)
            {
                forward = _forwardChooser.Next(rows, training, out timeForward);
            }

            long start = Stopwatch.GetTimestamp();
            weights.EnsureForward(weight, forward, rows);
            long forwardPrepared = Stopwatch.GetTimestamp() - start, backwardStart = 0, backwardMade = 0;
            if (training && wantsInputGradient)
            {
                backward = KernelKind.MaskedDense;
                if (weights.PacksBackward)
                {
                    backward = _backwardChooser.Next(rows, training, out timeBackward);
                }

                weights.EnsureBackwardMask(weight, RowOrder);
                backwardStart = Stopwatch.GetTimestamp();
                weights.EnsureBackward(weight, RowOrder, backward, rows);
                backwardMade = Stopwatch.GetTimestamp();
            }

            weights.Leases++;
            return new LinearCall(weights, rows, activation)
            {
                ForwardKernel = forward,
                BackwardKernel = backward,
                TimeForward = timeForward,
                TimeBackward = timeBackward,
                ForwardPreparation = training ? forwardPrepared : 0,
                BackwardPreparation = backwardMade - backwardStart,
            };
        }
    }

    /// <summary>
    /// The masks alone, for products that another library computes: 0 and 1, or what else the method multiplies W by. Advances the clock as
    /// <see cref="Begin"/> does.
    /// </summary>
    /// <param name="weight">W, [out_features, in_features].</param>
    /// <param name="training">Whether grad mode is on.</param>
    /// <param name="forward">Mf, same shape, written.</param>
    /// <param name="backward">Mb, same shape, written; or a view of nothing. Needs training.</param>
    public unsafe void WriteMasks(MatrixView weight, bool training, MatrixView forward, MatrixView backward)
    {
        CheckView(weight, OutFeatures, InFeatures, "weight");
        CheckView(forward, OutFeatures, InFeatures, "forward mask");
        lock (_gate)
        {
            LinearWeights weights = Refresh(weight, training, backward.Pointer != null);
            weights.WriteForwardFactor(weight, forward);
            if (backward.Pointer != null)
            {
                CheckView(backward, OutFeatures, InFeatures, "backward mask");
                weights.WriteBackwardFactor(weight, RowOrder, backward);
            }
        }
    }

    /// <summary>Gives the operands back; afterwards the call's gradients can be computed only while the weights have not moved on.</summary>
    /// <param name="call">What <see cref="Begin"/> gave.</param>
    public void End(LinearCall call)
    {
        lock (_gate)
        {
            if (call.Leased)
            {
                call.Leased = false;
                call.Weights.Leases--;
            }
        }
    }

    /// <summary>Tells the clock that <c>state_dict</c> was read, as a load does before it writes.</summary>
    /// <param name="weight">W at that moment.</param>
    public void OnStateDict(MatrixView weight)
    {
        RefuseReleased("state_dict()");
        ulong fingerprint = WeightFingerprint.Of(weight.Span);
        lock (_gate)
        {
            _clock.OnStateDict(fingerprint);
        }
    }

    private protected abstract LinearWeights Create(TrainingMethod method);
}

/// <summary>A linear layer whose pattern the JIT sees as constants.</summary>
/// <typeparam name="TPattern">The pattern.</typeparam>
public sealed class SparseLinear<TPattern> : SparseLinear where TPattern : struct, INMPattern
{
    /// <summary>Makes the sparse side of a layer.</summary>
    /// <param name="options">What the generator baked in.</param>
    /// <param name="outFeatures">Rows of the weight.</param>
    /// <param name="inFeatures">Columns of the weight.</param>
    /// <exception cref="NMSparseShapeException">The layer's shape is not the one its source says.</exception>
    /// <exception cref="NMSparseException">The options name another pattern, or a method that does not exist or does not know the pattern.</exception>
    public SparseLinear(SparseLayerOptions options, int outFeatures, int inFeatures)
        : base(Validate(options, outFeatures, inFeatures), outFeatures, inFeatures, null)
    {
    }

    /// <summary>Makes the sparse side of a convolution, whose weight is multiplied as a matrix [out_channels, columns].</summary>
    /// <param name="options">What the generator baked in.</param>
    /// <param name="outChannels">Rows of the matrix.</param>
    /// <param name="columns">Its columns.</param>
    /// <exception cref="NMSparseShapeException">The layer's shape is not the one its source says.</exception>
    /// <exception cref="NMSparseException">The options name another pattern, or a method that does not exist or does not know the pattern.</exception>
    public SparseLinear(SparseLayerOptions options, int outChannels, ConvolutionColumns columns)
        : base(Validate(options, outChannels, columns?.Weights ?? throw new ArgumentNullException(nameof(columns))), outChannels, columns.Count, columns)
    {
    }

    private protected override LinearWeights Create(TrainingMethod method) => new LinearWeights<TPattern>(method, OutFeatures, InFeatures, Columns);

    private protected override ReleasedWeight CreateReleased(MatrixView weight, LinearWeights weights) =>
        new ReleasedWeight<TPattern>(weights.Values(weight), weights.Forward);

    private protected override ReleasedWeight CreateReleased(Checkpoints.PackedLayer packed) => new ReleasedWeight<TPattern>(packed);

    private static SparseLayerOptions Validate(SparseLayerOptions options, int outFeatures, int inFeatures)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (outFeatures < 1 || inFeatures < 1 || (options.OutFeatures ?? outFeatures) != outFeatures || (options.InFeatures ?? inFeatures) != inFeatures)
        {
            throw new NMSparseShapeException(
                options.Name,
                $"weight is [{outFeatures}, {inFeatures}], the source says [{options.OutFeatures}, {options.InFeatures}]: the layer was replaced by one of another shape.");
        }

        if (options.Pattern != NMPattern.Of<TPattern>())
        {
            throw new NMSparseException($"{options.Name}: options say {options.Pattern}, the code was emitted for {NMPattern.Of<TPattern>()}.");
        }

        return options;
    }
}
