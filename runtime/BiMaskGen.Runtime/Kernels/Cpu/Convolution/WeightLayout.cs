using BiMaskGen.Training;

namespace BiMaskGen.Kernels.Cpu;

// Every row is a transposition of [in_channels, taps] and short: rows are handed out in bundles.

/// <summary>A convolution's weight as it lies in memory, and as the matrix of <see cref="ConvolutionColumns"/>.</summary>
internal static unsafe class WeightLayout
{
    private const int EntriesPerTask = 1 << 14;

    internal static void ToColumns(MatrixView weight, MatrixView matrix, ConvolutionColumns columns) => Run(weight, matrix, columns, toColumns: true);

    internal static void FromColumns(MatrixView matrix, MatrixView weight, ConvolutionColumns columns) => Run(weight, matrix, columns, toColumns: false);

    private static void Run(MatrixView weight, MatrixView matrix, ConvolutionColumns columns, bool toColumns)
    {
        int rows = weight.Rows, rowsPerTask = Math.Max(1, EntriesPerTask / columns.Count), tasks = (rows + rowsPerTask - 1) / rowsPerTask;
        Body body = new()
        {
            Weight = weight.Pointer,
            Matrix = matrix.Pointer,
            Rows = rows,
            RowsPerTask = rowsPerTask,
            Channels = columns.Channels,
            Taps = columns.Taps,
            Padded = columns.PaddedChannels,
            IsWeightOrder = columns.IsWeightOrder,
            ToColumns = toColumns,
        };
        CpuPool.For(tasks, body, parallel: tasks > 1);
    }

    private struct Body : IRangeBody
    {
        public float* Weight;
        public float* Matrix;
        public int Rows;
        public int RowsPerTask;
        public int Channels;
        public int Taps;
        public int Padded;
        public bool IsWeightOrder;
        public bool ToColumns;

        public readonly void Invoke(int index)
        {
            for (int row = index * RowsPerTask; row < Math.Min(Rows, (index + 1) * RowsPerTask); row++)
            {
                float* weight = Weight + ((nint)row * Channels * Taps), matrix = Matrix + ((nint)row * Padded * Taps);
                if (IsWeightOrder)
                {
                    RowCopy.Run(ToColumns ? weight : matrix, 0, 1, Channels * Taps, ToColumns ? matrix : weight, 0);
                }
                else if (ToColumns)
                {
                    Transposition.Run(weight, Taps, Channels, Taps, matrix, Padded);
                    ClearPadding(matrix);
                }
                else
                {
                    Transposition.Run(matrix, Padded, Taps, Channels, weight, Taps);
                }
            }
        }

        private readonly void ClearPadding(float* matrix)
        {
            for (int tap = 0; tap < Taps && Padded > Channels; tap++)
            {
                new Span<float>(matrix + ((nint)tap * Padded) + Channels, Padded - Channels).Clear();
            }
        }
    }
}
