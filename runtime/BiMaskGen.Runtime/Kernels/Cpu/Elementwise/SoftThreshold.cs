using BiMaskGen.Training;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>
/// S of S-STE (arXiv 2409.09099) for 2:4: in every run of four weights of a row, S = sign(w) · max(|w| − t, 0) with t the second smallest |w|. A run
/// of r &lt; 4 at a row's end keeps two as well: t is its smallest for r = 3, and 0 below.
/// </summary>
internal static unsafe class SoftThreshold
{
    private const int Group = 4;
    private const int EntriesPerTask = 1 << 14;

    /// <summary>β = ⟨W,S⟩/⟨S,S⟩; 0 where ⟨S,S⟩ is.</summary>
    /// <remarks>Rows are summed in double precision and added in their order, so that threads do not show in the result.</remarks>
    internal static double Scale(MatrixView weight)
    {
        double[] along = new double[weight.Rows], square = new double[weight.Rows];
        fixed (double* a = along, s = square)
        {
            Run(weight, new Sums { Along = a, Square = s });
        }

        double norm = square.Sum();
        return norm == 0 ? 0 : along.Sum() / norm;
    }

    /// <summary>Writes β·S(W).</summary>
    internal static void Write(MatrixView weight, float scale, float[] result)
    {
        fixed (float* values = result)
        {
            Run(weight, new Scaled { Result = values, Columns = weight.Columns, Scale = scale });
        }
    }

    private interface IEntry
    {
        void Take(int row, int column, float weight, float soft);
    }

    private struct Sums : IEntry
    {
        public double* Along;
        public double* Square;

        public readonly void Take(int row, int column, float weight, float soft)
        {
            Along[row] += (double)weight * soft;
            Square[row] += (double)soft * soft;
        }
    }

    private struct Scaled : IEntry
    {
        public float* Result;
        public int Columns;
        public float Scale;

        public readonly void Take(int row, int column, float weight, float soft) => Result[((nint)row * Columns) + column] = Scale * soft;
    }

    private static void Run<TEntry>(MatrixView weight, TEntry entry)
        where TEntry : struct, IEntry
    {
        int rowsPerTask = Math.Max(1, EntriesPerTask / Math.Max(1, weight.Columns));
        int tasks = (weight.Rows + rowsPerTask - 1) / rowsPerTask;
        CpuPool.For(tasks, new Body<TEntry> { Weight = weight, Entry = entry, RowsPerTask = rowsPerTask }, parallel: tasks > 1);
    }

    private struct Body<TEntry> : IRangeBody
        where TEntry : struct, IEntry
    {
        public MatrixView Weight;
        public TEntry Entry;
        public int RowsPerTask;

        public readonly void Invoke(int index)
        {
            for (int row = index * RowsPerTask; row < Math.Min(Weight.Rows, (index + 1) * RowsPerTask); row++)
            {
                float* w = Weight.Pointer + ((nint)row * Weight.Columns);
                for (int first = 0; first < Weight.Columns; first += Group)
                {
                    int members = Math.Min(Group, Weight.Columns - first);
                    float threshold = Threshold(w + first, members);
                    for (int i = first; i < first + members; i++)
                    {
                        Entry.Take(row, i, w[i], MathF.CopySign(MathF.Max(MathF.Abs(w[i]) - threshold, 0), w[i]));
                    }
                }
            }
        }
    }

    private static float Threshold(float* w, int members)
    {
        if (members < Group)
        {
            return members < 3 ? 0 : MathF.Min(MathF.Abs(w[0]), MathF.Min(MathF.Abs(w[1]), MathF.Abs(w[2])));
        }

        float a = MathF.Abs(w[0]), b = MathF.Abs(w[1]), c = MathF.Abs(w[2]), d = MathF.Abs(w[3]);
        (float low1, float high1, float low2, float high2) = (MathF.Min(a, b), MathF.Max(a, b), MathF.Min(c, d), MathF.Max(c, d));
        return MathF.Min(MathF.Max(low1, low2), MathF.Min(high1, high2));
    }
}
