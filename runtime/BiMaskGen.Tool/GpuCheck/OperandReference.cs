using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Masks;
using BiMaskGen.Training;

namespace BiMaskGen.Tool.GpuCheck;

/// <summary>What y and dX multiply in the place of a weight [rows, columns], by the CPU's masks.</summary>
internal sealed class OperandReference
{
    private readonly NMMask _backward;

    /// <summary>Makes the operands.</summary>
    /// <param name="form">What a method makes of the weight.</param>
    /// <param name="weight">The weight.</param>
    /// <param name="shape">Rows and columns.</param>
    /// <param name="permutation">permutation[r] = original row at position r, in which order backward's groups are formed.</param>
    public OperandReference(in OperandForm form, float[] weight, (int Rows, int Columns) shape, int[] permutation)
    {
        (int rows, int columns) = shape;
        (Mask, _backward) = (new(rows, columns), new(rows, columns));
        if (form.Mask is { } mask)
        {
            Mask.CopyFrom(mask);
        }
        else if (form.IsWide)
        {
            _ = WideMask.Run(form.N, form.M, weight, Mask);
        }
        else
        {
            ForwardMask.Compute(form.Pattern, weight, rows, columns, Mask);
        }

        Forward = form.Forward == ForwardOperand.Soft ? Soft(form.Factor, weight, shape) : new float[weight.Length];
        for (int i = 0; i < weight.Length && form.Forward != ForwardOperand.Soft; i++)
        {
            Forward[i] = Mask[i / columns, i % columns] ? weight[i] : form.Forward == ForwardOperand.Fading ? form.Factor * weight[i] : 0;
        }

        Backward = Forward;
        if (form.Backward != BackwardOperand.Forward)
        {
            NMMask candidates = Mask;
            if (form.Backward == BackwardOperand.Whole)
            {
                candidates = new(rows, columns);
                candidates.Fill();
            }

            BackwardMask.Compute(form.Pattern, weight, rows, columns, candidates, permutation, _backward);
            Backward = [.. weight.Select((w, i) => _backward[i / columns, i % columns] ? w : 0)];
        }
    }

    /// <summary>What forward keeps.</summary>
    public NMMask Mask { get; }

    /// <summary>Entries that backward keeps, as the mask pass counts them: 0 where backward has no mask of its own.</summary>
    public long KeptBackward => _backward.CountKept();

    /// <summary>What y multiplies, not rounded to the products' type.</summary>
    public float[] Forward { get; }

    /// <summary>What dX multiplies, likewise; rows in their own order.</summary>
    public float[] Backward { get; }

    // The CPU's threshold leaves −0 where a negative weight is pruned.
    private static unsafe float[] Soft(float scale, float[] weight, (int Rows, int Columns) shape)
    {
        float[] soft = new float[weight.Length];
        fixed (float* values = weight)
        {
            SoftThreshold.Write(new MatrixView((nint)values, shape.Rows, shape.Columns), scale, soft);
        }

        return [.. soft.Select(v => v + 0f)];
    }
}
