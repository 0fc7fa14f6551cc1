namespace BiMaskGen.Kernels.Cpu;

/// <summary>Bias and activation over a block that a product has just written and that is still in cache.</summary>
internal static unsafe class EpilogueRows
{
    /// <summary>y = activation(y + bias) on rows × columns of y; z = y + bias is stored where the epilogue wants it.</summary>
    internal static void Apply<TLanes, TVec>(float* y, nint stride, int row, int rows, int column, int columns, in Epilogue epilogue)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        if (epilogue.Bias == null && epilogue.PreActivation == null && epilogue.Activation == Activation.None)
        {
            return;
        }

        int whole = columns - (columns % TLanes.Count);
        float* bias = epilogue.Bias == null ? null : epilogue.Bias + column;
        for (int i = row; i < row + rows; i++)
        {
            nint offset = (i * stride) + column;
            float* z = epilogue.PreActivation == null ? null : epilogue.PreActivation + offset;
            Span<TLanes, TVec>(y + offset, bias, z, 0, whole, epilogue.Activation);
            Span<Lanes32, float>(y + offset, bias, z, whole, columns, epilogue.Activation);
        }
    }

    private static void Span<TLanes, TVec>(float* y, float* bias, float* z, int start, int end, Activation activation)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        for (int j = start; j < end; j += TLanes.Count)
        {
            TVec value = TLanes.Load(y + j);
            if (bias != null)
            {
                value = TLanes.Add(value, TLanes.Load(bias + j));
            }

            if (z != null)
            {
                TLanes.Store(value, z + j);
            }

            value = activation switch
            {
                Activation.Relu => TLanes.Max(value, TLanes.Create(0)),
                Activation.Gelu => NormalDistribution.Gelu<TLanes, TVec>(value),
                Activation.Silu => LogisticFunction.Silu<TLanes, TVec>(value),
                _ => value,
            };
            TLanes.Store(value, y + j);
        }
    }
}
