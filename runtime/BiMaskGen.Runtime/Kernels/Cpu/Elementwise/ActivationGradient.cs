namespace BiMaskGen.Kernels.Cpu;

/// <summary>The gradient through the activation that a product applied to its output.</summary>
public static unsafe class ActivationGradient
{
    private const int EntriesPerTask = 1 << 14;

    /// <summary>result = gradient ⊙ activation'(z).</summary>
    /// <param name="activation">The activation.</param>
    /// <param name="gradient">The gradient with respect to the activation's output.</param>
    /// <param name="saved">What forward kept: the output for relu (its sign is that of z), the value before the activation for gelu and silu; not
    /// read for none.</param>
    /// <param name="result">Where the gradient with respect to z goes; may be <paramref name="gradient"/> itself.</param>
    /// <param name="count">Number of entries.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative, or the activation is none of the enumeration.</exception>
    public static void Multiply(Activation activation, float* gradient, float* saved, float* result, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (!Enum.IsDefined(activation))
        {
            throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation.");
        }

        Call call = new() { Activation = activation, Gradient = gradient, Saved = saved, Result = result, Count = count };
        VectorWidth.Dispatch(ref call);
    }

    private struct Call : IWidthBody
    {
        public Activation Activation;
        public float* Gradient;
        public float* Saved;
        public float* Result;
        public long Count;

        public readonly void Run<TLanes, TVec>()
            where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged
        {
            int tasks = checked((int)((Count + EntriesPerTask - 1) / EntriesPerTask));
            CpuPool.For(tasks, new Body<TLanes, TVec> { Call = this }, parallel: tasks > 1);
        }

        public readonly void Span<TLanes, TVec>(long start, long end)
            where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged
        {
            for (long i = start; i < end; i += TLanes.Count)
            {
                TVec gradient = TLanes.Load(Gradient + i);
                TVec product = Activation switch
                {
                    Activation.Relu => TLanes.ZeroWhereNotPositive(TLanes.Load(Saved + i), gradient),
                    Activation.Gelu => TLanes.Multiply(gradient, NormalDistribution.GeluDerivative<TLanes, TVec>(TLanes.Load(Saved + i))),
                    Activation.Silu => TLanes.Multiply(gradient, LogisticFunction.SiluDerivative<TLanes, TVec>(TLanes.Load(Saved + i))),
                    _ => gradient,
                };
                TLanes.Store(product, Result + i);
            }
        }
    }

    private struct Body<TLanes, TVec> : IRangeBody
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        public Call Call;

        public readonly void Invoke(int index)
        {
            long start = (long)index * EntriesPerTask;
            long end = Math.Min(start + EntriesPerTask, Call.Count);
            long whole = end - ((end - start) % TLanes.Count);
            Call.Span<TLanes, TVec>(start, whole);
            Call.Span<Lanes32, float>(whole, end);
        }
    }
}
