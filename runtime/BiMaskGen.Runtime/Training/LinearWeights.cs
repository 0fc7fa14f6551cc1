using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Masks;
using BiMaskGen.Packing;

namespace BiMaskGen.Training;

/// <summary>
/// What one state of a weight <c>[out_features, in_features]</c> was turned into: both masks, and the operands that the chosen
/// kernels read. A forward leases it, so that its backward finds the same operands even when the weight has moved on; when nobody
/// holds a lease the buffers serve the next state. The layer's lock guards everything but reading the operands.
/// </summary>
internal abstract class LinearWeights(int outFeatures, int inFeatures)
{
    private float[]? _denseForward;
    private float[]? _denseBackward;

    public int OutFeatures { get; } = outFeatures;

    public int InFeatures { get; } = inFeatures;

    /// <summary>Of the weight this was made from.</summary>
    public ulong Fingerprint { get; private set; }

    /// <summary>Counts the refills, so that a released lease notices that its operands are gone.</summary>
    public int Generation { get; private set; }

    public int Leases { get; set; }

    public NMMask Forward { get; } = new(outFeatures, inFeatures);

    public NMMask? Backward { get; private set; }

    public bool HasDenseForward { get; private set; }

    public bool HasDenseBackward { get; private set; }

    public ReadOnlySpan<float> DenseForward => _denseForward;

    public ReadOnlySpan<float> DenseBackward => _denseBackward;

    /// <summary>Starts over for another state of the weight: its masks, and nothing else yet.</summary>
    /// <param name="weight">W.</param>
    /// <param name="fingerprint">Of W.</param>
    /// <param name="permutation">The permutation, if the backward mask will be wanted too.</param>
    /// <returns>Whether W is finite; if not, this holds nothing.</returns>
    public bool Refill(MatrixView weight, ulong fingerprint, int[]? permutation)
    {
        Generation++;
        Fingerprint = fingerprint;
        HasDenseForward = false;
        ForgetForwardPacks();
        ForgetBackward();
        Backward ??= permutation is null ? null : new NMMask(OutFeatures, InFeatures);
        HasBackwardMask = permutation is not null;
        return MaskPass.Run(Pattern, weight.Span, permutation, Forward, Backward);
    }

    /// <summary>Drops what depends on the permutation.</summary>
    public void ForgetBackward()
    {
        HasDenseBackward = HasBackwardMask = false;
        ForgetBackwardPacks();
    }

    public bool HasBackwardMask { get; private set; }

    /// <summary>Makes the backward mask if it is not there.</summary>
    public NMMask EnsureBackwardMask(MatrixView weight, int[] permutation)
    {
        Backward ??= new NMMask(OutFeatures, InFeatures);
        if (!HasBackwardMask)
        {
            MaskPass.RunBackward(Pattern, weight.Span, permutation, Forward, Backward);
            HasBackwardMask = true;
        }

        return Backward;
    }

    /// <summary>Makes the operand of y for the kernel and batch if it is not there.</summary>
    public void EnsureForward(MatrixView weight, KernelKind kernel, int rows)
    {
        if (kernel == KernelKind.SparseCpu)
        {
            PackForward(weight.Span, rows);
        }
        else if (!HasDenseForward)
        {
            Mask(weight, Forward, ref _denseForward);
            HasDenseForward = true;
        }
    }

    /// <summary>Makes the operand of dX for the kernel and batch if it is not there.</summary>
    public void EnsureBackward(MatrixView weight, int[] permutation, KernelKind kernel, int rows)
    {
        NMMask mask = EnsureBackwardMask(weight, permutation);
        if (kernel == KernelKind.SparseCpu)
        {
            PackBackward(weight.Span, mask, permutation, rows);
        }
        else if (!HasDenseBackward)
        {
            Mask(weight, mask, ref _denseBackward);
            HasDenseBackward = true;
        }
    }

    /// <summary>y = act(x (W⊙Mf)ᵀ + b) on the packed operand.</summary>
    public abstract unsafe void MultiplyForward(MatrixView x, MatrixView y, in Kernels.Epilogue epilogue);

    /// <summary>dX = g (W⊙Mb) on the packed operand.</summary>
    public abstract unsafe void MultiplyBackward(MatrixView g, MatrixView dx);

    private static unsafe void Mask(MatrixView weight, NMMask mask, ref float[]? masked)
    {
        masked ??= new float[weight.Span.Length];
        fixed (float* result = masked)
        {
            MaskApply.Multiply(weight.Pointer, mask, result);
        }
    }

    protected abstract NMPattern Pattern { get; }

    protected abstract void PackForward(ReadOnlySpan<float> weight, int rows);

    protected abstract void PackBackward(ReadOnlySpan<float> weight, NMMask backward, ReadOnlySpan<int> permutation, int rows);

    protected abstract void ForgetForwardPacks();

    protected abstract void ForgetBackwardPacks();
}

/// <summary>The same for one pattern, which the JIT sees as constants.</summary>
internal sealed class LinearWeights<TPattern>(int outFeatures, int inFeatures) : LinearWeights(outFeatures, inFeatures)
    where TPattern : struct, INMPattern
{
    private readonly PackedOperand _forward = new(NMPattern.Of<TPattern>(), outFeatures, inFeatures);
    private readonly PackedOperand _backward = new(NMPattern.Of<TPattern>(), inFeatures, outFeatures);

    public override unsafe void MultiplyForward(MatrixView x, MatrixView y, in Kernels.Epilogue epilogue) =>
        SparseProduct.Multiply<TPattern>(x.Pointer, x.Rows, x.Columns, _forward.Of(Form(x.Rows)), y.Pointer, y.Columns, epilogue);

    public override unsafe void MultiplyBackward(MatrixView g, MatrixView dx) =>
        SparseProduct.Multiply<TPattern>(g.Pointer, g.Rows, g.Columns, _backward.Of(Form(g.Rows)), dx.Pointer, dx.Columns, default);

    protected override NMPattern Pattern => NMPattern.Of<TPattern>();

    protected override void PackForward(ReadOnlySpan<float> weight, int rows)
    {
        if (_forward.Wants(Form(rows), out PackedMatrix destination))
        {
            Packer.PackForward<TPattern>(weight, OutFeatures, InFeatures, Forward, destination, Form(rows));
        }
    }

    protected override void PackBackward(ReadOnlySpan<float> weight, NMMask backward, ReadOnlySpan<int> permutation, int rows)
    {
        if (_backward.Wants(Form(rows), out PackedMatrix destination))
        {
            Packer.PackBackward<TPattern>(weight, OutFeatures, InFeatures, backward, permutation, destination, Form(rows));
        }
    }

    protected override void ForgetForwardPacks() => _forward.Forget();

    protected override void ForgetBackwardPacks() => _backward.Forget();

    private static PackedForms Form(int rows) => SparseProduct.FormFor<TPattern>(rows);
}
