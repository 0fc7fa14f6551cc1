using BiMaskGen.Masks;

namespace BiMaskGen.Training.Methods;

/// <summary>
/// A way to train sparse, as far as it differs from the plainest: masks that follow every change of W, one operand W⊙Mf for both
/// directions, and dW = gᵀx. It holds no state of a layer: what a layer keeps is in its <see cref="LayerHistory"/>.
/// </summary>
/// <param name="options">What the generator baked in.</param>
internal abstract class TrainingMethod(SparseLayerOptions options)
{
    protected SparseLayerOptions Options { get; } = options;

    protected NMPattern Pattern => Options.Pattern;

    // The schedule.

    /// <summary>Whether <see cref="At"/> has to know how many steps there are.</summary>
    public virtual bool NeedsTotalSteps => false;

    /// <summary>What the layer goes through at a step.</summary>
    /// <param name="step">Counted from the first step that is not dense.</param>
    /// <param name="steps">How many there are; 0 where nobody said it and the method does not need it.</param>
    public virtual MaskForm At(long step, long steps) => MaskForm.Of(Pattern);

    // The masks of forward.

    /// <summary>Whether a mask stays while W changes, until it is made anew after <see cref="SparseLayerOptions.RefreshEvery"/> steps.</summary>
    public virtual bool KeepsMask => false;

    /// <summary>Makes Mf, and checks the weight on the way.</summary>
    /// <returns>Whether W is finite; if not, the mask is void.</returns>
    public virtual bool MakeForward(ReadOnlySpan<float> weight, MaskForm form, NMMask forward) =>
        MaskPass.Run(Pattern, weight, default, forward, null);

    // The masks of backward.

    /// <summary>Whether the rows are ordered by a search before the backward mask is made.</summary>
    public virtual bool Permutes => false;

    /// <summary>Whether backward has a mask of its own; else it has that of forward.</summary>
    public virtual bool HasBackwardMask => false;

    /// <summary>Whether the mask of backward is at most N:M along the (permuted) out_features.</summary>
    public virtual bool PacksBackward => HasBackwardMask;

    /// <summary>Whether the mask of backward is ranked among all weights, not among those that forward keeps.</summary>
    public virtual bool RanksWholeWeight => false;

    /// <summary>Makes Mf and Mb at once, where that is cheaper than one after the other.</summary>
    /// <returns>Whether W is finite; if not, the masks are void.</returns>
    public virtual bool MakeBoth(ReadOnlySpan<float> weight, MaskForm form, ReadOnlySpan<int> rowOrder, NMMask forward, NMMask backward)
    {
        bool finite = MakeForward(weight, form, forward);
        if (finite)
        {
            MakeBackward(weight, rowOrder, forward, backward);
        }

        return finite;
    }

    /// <summary>Makes Mb, for the methods that have one.</summary>
    /// <param name="weight">W, finite.</param>
    /// <param name="rowOrder">rowOrder[r] = original row at position r.</param>
    /// <param name="forward">Mf.</param>
    /// <param name="backward">Overwritten.</param>
    public virtual void MakeBackward(ReadOnlySpan<float> weight, ReadOnlySpan<int> rowOrder, NMMask forward, NMMask backward) =>
        throw new NotSupportedException($"{GetType().Name} has no backward mask.");

    // The gradient.

    /// <summary>λ of λ(1−Mf)⊙W.</summary>
    public virtual double Decay => 0;

    /// <summary>Whether dW is multiplied by what W is multiplied by, Mf + β(1−Mf).</summary>
    public virtual bool MasksGradient => false;
}
