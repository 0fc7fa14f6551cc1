using BiMaskGen.Benchmarks.Libraries;
using BiMaskGen.Benchmarks.Machine;
using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Benchmarks.Steps;

/// <summary>A dense layer on the products of a library, with our bias and activation behind them.</summary>
/// <param name="library">The library.</param>
/// <param name="forward">The weight of y.</param>
/// <param name="backward">The weight of dX; another one only where a masked layer is checked.</param>
/// <param name="bias">The bias.</param>
internal sealed unsafe class DenseStepLayer(DenseLibrary library, Matrix forward, Matrix backward, Matrix bias) : StepLayer
{
    internal override void Begin(int rows, Activation activation)
    {
    }

    internal override void Forward(Matrix x, Activation activation, Matrix y, Matrix? z)
    {
        library.Multiply(false, true, x.Rows, forward.Rows, forward.Columns, x.Pointer, forward.Pointer, y.Pointer);
        var epilogue = new Epilogue(bias.Pointer, activation, z is null ? null : z.Pointer);
        EpilogueCall call = new() { Y = y.Pointer, Rows = y.Rows, Columns = y.Columns, Epilogue = epilogue };
        VectorWidth.Dispatch(ref call);
    }

    internal override void BackwardInput(Matrix g, Matrix dx) =>
        library.Multiply(false, false, g.Rows, backward.Columns, backward.Rows, g.Pointer, backward.Pointer, dx.Pointer);

    internal override void BackwardWeight(Matrix g, Matrix x, Matrix dw) =>
        library.Multiply(true, false, dw.Rows, dw.Columns, g.Rows, g.Pointer, x.Pointer, dw.Pointer);

    internal override void End()
    {
    }

    private struct EpilogueCall : IWidthBody
    {
        private const int RowsPerTask = 4;

        public float* Y;
        public int Rows;
        public int Columns;
        public Epilogue Epilogue;

        public readonly void Run<TLanes, TVec>()
            where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged =>
            CpuPool.For((Rows + RowsPerTask - 1) / RowsPerTask, new Body<TLanes, TVec> { Call = this });

        private struct Body<TLanes, TVec> : IRangeBody
            where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged
        {
            public EpilogueCall Call;

            public readonly void Invoke(int index)
            {
                int row = index * RowsPerTask;
                int rows = Math.Min(RowsPerTask, Call.Rows - row);
                EpilogueRows.Apply<TLanes, TVec>(Call.Y, Call.Columns, row, rows, 0, Call.Columns, Call.Epilogue);
            }
        }
    }
}
