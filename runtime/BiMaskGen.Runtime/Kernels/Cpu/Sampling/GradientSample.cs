using BiMaskGen.Packing;
using BiMaskGen.Permutations;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>
/// One draw of an unbiased N:M sample of gᵀ along the batch, and its products: g is [rows × out_features], and what is multiplied with the
/// sample is the same whichever product computes it.
/// </summary>
/// <typeparam name="TGroup">The sample of one group.</typeparam>
internal readonly unsafe struct GradientSample<TGroup>(float* g, int rows, int outFeatures, SplitMix64 generator)
    where TGroup : struct, ISampledGroup
{
    // Of the thread that asks for products, whatever layer it asks for: they come one after the other.
    [ThreadStatic]
    private static QuadStream? t_stream;

    private readonly SampledGradient<TGroup> _source = new() { Entries = g, Rows = rows, Columns = outFeatures, Generator = generator };

    /// <summary>dW = sample(gᵀ) x on the packed sample.</summary>
    /// <param name="x">[rows × in_features].</param>
    /// <param name="inFeatures">Columns of x and dW.</param>
    /// <param name="dw">[out_features × in_features], written.</param>
    internal void Multiply(float* x, int inFeatures, float* dw)
    {
        RowMajorProblem problem = new()
        {
            X = x,
            StrideX = inFeatures,
            C = dw,
            StrideC = inFeatures,
            Batch = inFeatures,
            IsParallel = SparseProduct.IsParallel((long)inFeatures * _source.Columns * SampledGradient<TGroup>.KeptOf(_source.Rows)),
        };
        MultiplyCall call = new() { Problem = problem, Stream = Pack() };
        VectorWidth.Dispatch(ref call);
        GC.KeepAlive(call.Stream);
    }

    /// <summary>The same by the dense product.</summary>
    internal void MultiplyDense(float* x, int inFeatures, float* dw)
    {
        float* sampled = Scratch.Rent(Scratch.Buffer.SampledGradient, (long)_source.Rows * _source.Columns);
        Write(sampled);
        Gemm.Multiply(true, false, _source.Columns, inFeatures, _source.Rows, 1, sampled, _source.Columns, x, inFeatures, 0, dw, inFeatures);
    }

    /// <summary>Writes the sample as a dense matrix of the shape of g.</summary>
    internal void Write(float* sampled)
    {
        WriteCall call = new() { Source = _source, Destination = sampled };
        VectorWidth.Dispatch(ref call);
    }

    /// <summary>The sample in the layout of the sparse product.</summary>
    internal QuadStream Pack()
    {
        int kept = SampledGradient<TGroup>.KeptOf(_source.Rows);
        if (t_stream is { } stream)
        {
            stream.Reshape(_source.Columns, _source.Rows, kept);
        }
        else
        {
            t_stream = stream = new QuadStream(_source.Columns, _source.Rows, kept);
        }

        QuadPacker.Columns(_source, stream, Packer.IsParallel((long)_source.Rows * _source.Columns));
        return stream;
    }

    private struct MultiplyCall : IWidthBody
    {
        public RowMajorProblem Problem;
        public QuadStream Stream;

        public readonly void Run<TLanes, TVec>()
            where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged => SparsePanels<TLanes, TVec>.Run(Problem, new QuadRows(Stream));
    }

    private struct WriteCall : IWidthBody
    {
        public SampledGradient<TGroup> Source;
        public float* Destination;

        public readonly void Run<TLanes, TVec>()
            where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged
        {
            int tiles = (Source.Rows + ITileSource.MaxRows - 1) / ITileSource.MaxRows;
            CpuPool.For(tiles, new WriteBody<TLanes, TVec> { Call = this }, Packer.IsParallel((long)Source.Rows * Source.Columns));
        }
    }

    private struct WriteBody<TLanes, TVec> : IRangeBody
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        public WriteCall Call;

        public readonly void Invoke(int index)
        {
            int row = index * ITileSource.MaxRows, columns = Call.Source.Columns;
            int rows = Math.Min(ITileSource.MaxRows, Call.Source.Rows - row);
            for (int column = 0; column < columns; column += ITileSource.MaxColumns)
            {
                float* destination = Call.Destination + ((nint)row * columns) + column;
                Call.Source.Read<TLanes, TVec>(row, rows, column, Math.Min(ITileSource.MaxColumns, columns - column), destination, columns);
            }
        }
    }
}
