using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Masks;
using BiMaskGen.Packing;
using BiMaskGen.Training.Methods;

namespace BiMaskGen.Training;

/// <summary>
/// What one state of a weight <c>[out_features, in_features]</c> was turned into by a training method: both masks, and the operands that the
/// chosen kernels read. A forward leases it, so that its backward finds the same operands even when the weight has moved on; when nobody
/// holds a lease the buffers serve the next state. The layer's lock guards everything but reading the operands.
/// </summary>
/// <param name="method">The method.</param>
/// <param name="outFeatures">Rows.</param>
/// <param name="inFeatures">Columns.</param>
/// <param name="columns">Which columns of a convolution hold no weights; null where all do.</param>
internal abstract class LinearWeights(TrainingMethod method, int outFeatures, int inFeatures, ConvolutionColumns? columns)
{
    private float[]? _values;
    private float[]? _denseForward;
    private float[]? _denseBackward;
    private bool _hasValues;
    private bool _hasDenseForward;
    private bool _hasDenseBackward;
    private bool _hasBackwardMask;

    public int OutFeatures { get; } = outFeatures;

    public int InFeatures { get; } = inFeatures;

    /// <summary>Of the weight this was made from.</summary>
    public ulong Fingerprint { get; private set; }

    /// <summary>Counts the refills, so that a released lease notices that its operands are gone.</summary>
    public int Generation { get; private set; }

    public int Leases { get; set; }

    /// <summary>What the weight goes through at this step.</summary>
    public MaskForm Form { get; private set; }

    public NMMask Forward { get; } = new(outFeatures, inFeatures);

    /// <summary>Whether y can be computed on packed weights.</summary>
    public bool PacksForward => Form.Is(Pattern);

    /// <summary>Whether dX can be computed on packed weights.</summary>
    public bool PacksBackward => PacksForward && method.PacksBackward;

    /// <summary>W under its masks as y reads it, dense.</summary>
    public ReadOnlySpan<float> DenseForward => _hasValues ? _values : _denseForward;

    /// <summary>W under its masks as dX reads it, dense.</summary>
    public ReadOnlySpan<float> DenseBackward => HasOneMask ? DenseForward : _denseBackward;

    /// <summary>Whether dX reads what y reads.</summary>
    private bool HasOneMask => Form.IsDense || !method.HasBackwardMask;

    /// <summary>Starts over for another state of the weight: its masks, and nothing else yet.</summary>
    /// <param name="weight">W.</param>
    /// <param name="fingerprint">Of W.</param>
    /// <param name="form">What the schedule makes of it.</param>
    /// <param name="kept">The mask to take, or null to make it.</param>
    /// <param name="rowOrder">The order of the rows in the groups of the backward mask, if that will be wanted too.</param>
    /// <returns>Whether W is finite; if not, this holds nothing.</returns>
    public bool Refill(MatrixView weight, ulong fingerprint, MaskForm form, NMMask? kept, int[]? rowOrder)
    {
        bool finite = MakeMasks(weight, fingerprint, form, kept, rowOrder);
        columns?.ClearPadding(Forward);
        if (_hasBackwardMask)
        {
            columns?.ClearPadding(Backward!);
        }

        return finite;
    }

    private bool MakeMasks(MatrixView weight, ulong fingerprint, MaskForm form, NMMask? kept, int[]? rowOrder)
    {
        Generation++;
        Fingerprint = fingerprint;
        Form = form;
        _hasValues = _hasDenseForward = false;
        ForgetForwardPacks();
        ForgetBackward();
        if (form.IsDense || kept is not null)
        {
            if (form.IsDense)
            {
                Forward.Fill();
            }
            else
            {
                Forward.CopyFrom(kept!);
            }

            return WeightCheck.FirstNonFinite(weight.Span) < 0;
        }

        if (rowOrder is null || !method.HasBackwardMask)
        {
            return method.MakeForward(weight.Span, form, Forward);
        }

        _hasBackwardMask = true;
        return method.MakeBoth(weight.Span, form, rowOrder, Forward, Backward ??= new NMMask(OutFeatures, InFeatures));
    }

    /// <summary>Puts other values in the place of W.</summary>
    public void Transform(MatrixView weight, IWeightTransform transform, double scale)
    {
        _values ??= new float[weight.Span.Length];
        transform.Write(weight, scale, _values);
        _hasValues = true;
    }

    /// <summary>Drops what depends on the permutation.</summary>
    public void ForgetBackward()
    {
        _hasDenseBackward = _hasBackwardMask = false;
        ForgetBackwardPacks();
    }

    /// <summary>Makes the backward mask if it is not there and not the forward mask.</summary>
    public NMMask EnsureBackwardMask(MatrixView weight, int[] rowOrder)
    {
        if (HasOneMask)
        {
            return Forward;
        }

        Backward ??= new NMMask(OutFeatures, InFeatures);
        if (!_hasBackwardMask)
        {
            method.MakeBackward(weight.Span, rowOrder, Forward, Backward);
            columns?.ClearPadding(Backward);
            _hasBackwardMask = true;
        }

        return Backward;
    }

    /// <summary>The backward mask as far as it is there.</summary>
    public NMMask? KnownBackwardMask => HasOneMask ? Forward : _hasBackwardMask ? Backward : null;

    /// <summary>What the masks are applied to: W, or what took its place.</summary>
    public ReadOnlySpan<float> Values(MatrixView weight) => _hasValues ? _values : weight.Span;

    /// <summary>Makes the operand of y for the kernel and batch if it is not there.</summary>
    public void EnsureForward(MatrixView weight, KernelKind kernel, int rows)
    {
        if (kernel == KernelKind.SparseCpu)
        {
            PackForward(Values(weight), rows);
        }
        else if (!_hasValues && !_hasDenseForward)
        {
            Mask(weight, Forward, Form.Pruned, ref _denseForward);
            _hasDenseForward = true;
        }
    }

    /// <summary>Makes the operand of dX for the kernel and batch if it is not there.</summary>
    /// <param name="weight">W.</param>
    /// <param name="rowOrder">The order of the rows in the groups of the backward mask.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="rows">Batch rows.</param>
    public void EnsureBackward(MatrixView weight, int[] rowOrder, KernelKind kernel, int rows)
    {
        NMMask mask = EnsureBackwardMask(weight, rowOrder);
        if (kernel == KernelKind.SparseCpu)
        {
            PackBackward(Values(weight), mask, method.Permutes ? rowOrder : [], rows);
        }
        else if (HasOneMask)
        {
            EnsureForward(weight, kernel, rows);
        }
        else if (!_hasDenseBackward)
        {
            Mask(weight, mask, 0, ref _denseBackward);
            _hasDenseBackward = true;
        }
    }

    /// <summary>‖F − B‖ / ‖F‖ of the operands of y and dX, once the backward mask is there; 0 where F is 0.</summary>
    public double GapOf(MatrixView weight)
    {
        NMMask backward = KnownBackwardMask!;
        ReadOnlySpan<float> values = Values(weight);
        double whole = 0, between = 0;
        for (int i = 0; i < values.Length; i++)
        {
            bool kept = Forward[i / InFeatures, i % InFeatures];
            double value = values[i], square = value * value;
            whole += kept ? square : square * Form.Pruned * Form.Pruned;
            between += kept != backward[i / InFeatures, i % InFeatures] ? square : 0;
        }

        return whole == 0 ? 0 : Math.Sqrt(between / whole);
    }

    /// <summary>Writes what W is multiplied by in y.</summary>
    public unsafe void WriteForwardFactor(MatrixView weight, MatrixView factor)
    {
        WriteFactor(Forward, Form.Pruned, factor);
        if (_hasValues)
        {
            ReadOnlySpan<float> w = weight.Span;
            Span<float> f = factor.Span;
            for (int i = 0; i < f.Length; i++)
            {
                f[i] = w[i] == 0 ? 0 : _values![i] / w[i];
            }
        }
    }

    /// <summary>Writes what W is multiplied by in dX.</summary>
    public void WriteBackwardFactor(MatrixView weight, int[] rowOrder, MatrixView factor)
    {
        if (HasOneMask)
        {
            WriteForwardFactor(weight, factor);
        }
        else
        {
            WriteFactor(EnsureBackwardMask(weight, rowOrder), 0, factor);
        }
    }

    /// <summary>1 where a mask keeps, another number where it prunes.</summary>
    public static unsafe void WriteFactor(NMMask mask, float pruned, MatrixView factor)
    {
        factor.Span.Fill(1);
        MaskApply.Multiply(factor.Pointer, mask, factor.Pointer, pruned);
    }

    /// <summary>y = act(x (W⊙Mf)ᵀ + b) on the packed operand, for some of the rows that it was packed for.</summary>
    public abstract unsafe void MultiplyForward(MatrixView x, MatrixView y, in Kernels.Epilogue epilogue, int rows);

    /// <summary>dX = g (W⊙Mb) on the packed operand, likewise.</summary>
    public abstract unsafe void MultiplyBackward(MatrixView g, MatrixView dx, int rows);

    private NMMask? Backward { get; set; }

    private static unsafe void Mask(MatrixView weight, NMMask mask, float pruned, ref float[]? masked)
    {
        masked ??= new float[weight.Span.Length];
        fixed (float* result = masked)
        {
            MaskApply.Multiply(weight.Pointer, mask, result, pruned);
        }
    }

    protected abstract NMPattern Pattern { get; }

    protected abstract void PackForward(ReadOnlySpan<float> weight, int rows);

    protected abstract void PackBackward(ReadOnlySpan<float> weight, NMMask backward, ReadOnlySpan<int> permutation, int rows);

    protected abstract void ForgetForwardPacks();

    protected abstract void ForgetBackwardPacks();
}

/// <summary>The same for one pattern, which the JIT sees as constants.</summary>
internal sealed class LinearWeights<TPattern>(TrainingMethod method, int outFeatures, int inFeatures, ConvolutionColumns? columns = null)
    : LinearWeights(method, outFeatures, inFeatures, columns)
    where TPattern : struct, INMPattern
{
    private readonly PackedOperand _forward = new(NMPattern.Of<TPattern>(), outFeatures, inFeatures);
    private readonly PackedOperand _backward = new(NMPattern.Of<TPattern>(), inFeatures, outFeatures);

    public override unsafe void MultiplyForward(MatrixView x, MatrixView y, in Kernels.Epilogue epilogue, int rows) =>
        SparseProduct.Multiply<TPattern>(x.Pointer, x.Rows, x.Columns, _forward.Of(Layout(rows)), y.Pointer, y.Columns, epilogue);

    public override unsafe void MultiplyBackward(MatrixView g, MatrixView dx, int rows) =>
        SparseProduct.Multiply<TPattern>(g.Pointer, g.Rows, g.Columns, _backward.Of(Layout(rows)), dx.Pointer, dx.Columns, default);

    protected override NMPattern Pattern => NMPattern.Of<TPattern>();

    protected override void PackForward(ReadOnlySpan<float> weight, int rows)
    {
        if (_forward.Wants(Layout(rows), out PackedMatrix destination))
        {
            Packer.PackForward<TPattern>(weight, OutFeatures, InFeatures, Forward, destination, Layout(rows));
        }
    }

    protected override void PackBackward(ReadOnlySpan<float> weight, NMMask backward, ReadOnlySpan<int> permutation, int rows)
    {
        if (_backward.Wants(Layout(rows), out PackedMatrix destination))
        {
            Packer.PackBackward<TPattern>(weight, OutFeatures, InFeatures, backward, permutation, destination, Layout(rows));
        }
    }

    protected override void ForgetForwardPacks() => _forward.Forget();

    protected override void ForgetBackwardPacks() => _backward.Forget();

    private static PackedForms Layout(int rows) => SparseProduct.FormFor<TPattern>(rows);
}
