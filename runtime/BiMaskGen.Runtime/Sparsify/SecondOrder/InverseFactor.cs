using System.Runtime.InteropServices;
using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Sparsify;

// SparseGPT walks the columns from the first to the last and needs, for each, its row of the inverse of what is left of H. All of them are the
// rows of one upper triangle U with H⁻¹ = Uᵀ U. H = R Rᵀ with R upper gives U = R⁻¹: factoring from the last row up and inverting once, in
// place of inverting H and factoring that, which costs twice as much and loses more digits. R is the ordinary lower factor L of the matrix that
// is turned by half a turn, so everything below works on that, [i, j] ↔ [n − 1 − i, n − 1 − j].

/// <summary>
/// U, upper triangular, with H⁻¹ = Uᵀ U, in double precision. One n × n matrix of memory: L in its lower triangle, the transpose of L⁻¹ above the
/// diagonal, the diagonal of L⁻¹ apart.
/// </summary>
internal sealed unsafe class InverseFactor : IDisposable
{
    private const int Panel = 64;

    private readonly int _size;
    private readonly double[] _inverseDiagonal;
    private double* _matrix;

    private InverseFactor(int size)
    {
        _size = size;
        _inverseDiagonal = new double[size];
        _matrix = (double*)NativeMemory.Alloc(checked((nuint)size * (nuint)size * sizeof(double)));
    }

    /// <summary>Factors H = (X Xᵀ) / mean of its diagonal + damping · I, features in an order.</summary>
    /// <param name="gram">X Xᵀ on and above the diagonal.</param>
    /// <param name="order">order[p] = the feature at position p.</param>
    /// <param name="damping">Above 0: it makes up for features that were never active, and for too few samples.</param>
    /// <returns>The factor, or null if H is not positive definite in double precision.</returns>
    internal static InverseFactor? TryCreate(ReadOnlySpan<double> gram, int[] order, double damping)
    {
        var factor = new InverseFactor(order.Length);
        factor.Fill(gram, order, damping);
        if (!factor.Factor())
        {
            factor.Dispose();
            return null;
        }

        CpuPool.For((order.Length + Panel - 1) / Panel, new InvertBody { Owner = factor });
        return factor;
    }

    /// <summary>The diagonal of U.</summary>
    internal double Diagonal(int position) => _inverseDiagonal[_size - 1 - position];

    /// <summary>Writes some rows of U, from the diagonal on; what lies before it is undefined.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">Rows.</param>
    /// <param name="target">[count, size].</param>
    internal void CopyRows(int first, int count, float* target) =>
        CpuPool.For(_size - first, new CopyBody { Owner = this, First = first, Count = count, Target = target });

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_matrix);
        _matrix = null;
    }

    private double* Row(int row) => _matrix + ((nint)row * _size);

    private void Fill(ReadOnlySpan<double> gram, int[] order, double damping)
    {
        double trace = 0;
        for (int i = 0; i < _size; i++)
        {
            trace += gram[(i * _size) + i];
        }

        // Without any input all weights matter the same.
        double scale = trace > 0 ? _size / trace : 1;
        fixed (double* source = gram)
        {
            CpuPool.For(_size, new FillBody { Owner = this, Gram = source, Order = order, Scale = scale, Damping = damping });
        }
    }

    private bool Factor()
    {
        for (int first = 0; first < _size; first += Panel)
        {
            int width = Math.Min(Panel, _size - first), below = _size - first;
            CpuPool.For((below + Panel - 1) / Panel, new UpdateBody { Owner = this, First = first, Width = width });
            if (!FactorDiagonal(first, width))
            {
                return false;
            }

            CpuPool.For((below - width + Panel - 1) / Panel, new SolveBody { Owner = this, First = first, Width = width });
        }

        return true;
    }

    private bool FactorDiagonal(int first, int width)
    {
        for (int i = first; i < first + width; i++)
        {
            double* row = Row(i);
            SolveRow(row, first, i);
            double pivot = row[i] - DoubleDots.Dot(row + first, row + first, i - first);
            if (!(pivot > 0) || double.IsInfinity(pivot))
            {
                return false;
            }

            row[i] = Math.Sqrt(pivot);
            _inverseDiagonal[i] = 1 / row[i];
        }

        return true;
    }

    /// <summary>Solves for the entries [first, end) of a row, given L there: of L itself below the diagonal, of its inverse above.</summary>
    private void SolveRow(double* row, int first, int end)
    {
        for (int j = first; j < end; j++)
        {
            row[j] = (row[j] - DoubleDots.Dot(row + first, Row(j) + first, j - first)) * _inverseDiagonal[j];
        }
    }

    private struct FillBody : IRangeBody
    {
        public InverseFactor Owner;
        public double* Gram;
        public int[] Order;
        public double Scale;
        public double Damping;

        public readonly void Invoke(int index)
        {
            int last = Owner._size - 1, feature = Order[last - index];
            double* row = Owner.Row(index);
            for (int j = 0; j <= index; j++)
            {
                int other = Order[last - j];
                row[j] = Gram[((nint)Math.Min(feature, other) * Owner._size) + Math.Max(feature, other)] * Scale;
            }

            row[index] += Damping;
        }
    }

    /// <summary>Takes what the columns before a panel contribute from a block of its rows.</summary>
    private struct UpdateBody : IRangeBody
    {
        public InverseFactor Owner;
        public int First;
        public int Width;

        public readonly void Invoke(int index)
        {
            int row = First + (index * Panel);
            double* x = Owner.Row(row);
            DoubleDots.Subtract(x, Math.Min(Panel, Owner._size - row), Owner.Row(First), Width, First, x + First, Owner._size);
        }
    }

    /// <summary>Solves a block of rows below the diagonal block of a panel.</summary>
    private struct SolveBody : IRangeBody
    {
        public InverseFactor Owner;
        public int First;
        public int Width;

        public readonly void Invoke(int index)
        {
            int first = First + Width + (index * Panel);
            for (int row = first; row < Math.Min(first + Panel, Owner._size); row++)
            {
                Owner.SolveRow(Owner.Row(row), First, First + Width);
            }
        }
    }

    /// <summary>Some columns of L⁻¹, written as rows above the diagonal: column j needs L and itself alone.</summary>
    private struct InvertBody : IRangeBody
    {
        public InverseFactor Owner;

        public readonly void Invoke(int index)
        {
            int first = index * Panel, end = Math.Min(first + Panel, Owner._size);
            for (int column = first; column < end; column++)
            {
                double* inverse = Owner.Row(column);
                for (int i = column + 1; i < end; i++)
                {
                    inverse[i] = -Within(column, i, i) * Owner._inverseDiagonal[i];
                }
            }

            for (int block = end; block < Owner._size; block += Panel)
            {
                Invert(first, end, block, Math.Min(block + Panel, Owner._size));
            }
        }

        private readonly void Invert(int first, int end, int block, int blockEnd)
        {
            for (int column = first; column < end; column++)
            {
                double* inverse = Owner.Row(column);
                for (int i = block; i < blockEnd; i++)
                {
                    inverse[i] = -Within(column, i, end);
                }
            }

            double* rows = Owner.Row(first);
            DoubleDots.Subtract(
                rows + end, end - first, Owner.Row(block) + end, blockEnd - block, block - end, rows + block, Owner._size);
            for (int column = first; column < end; column++)
            {
                Owner.SolveRow(Owner.Row(column), block, blockEnd);
            }
        }

        /// <summary>Σ L[i, k] · L⁻¹[k, column] over k from the column itself to an end.</summary>
        private readonly double Within(int column, int i, int end)
        {
            double* row = Owner.Row(i), inverse = Owner.Row(column);
            return (row[column] * Owner._inverseDiagonal[column]) + DoubleDots.Dot(row + column + 1, inverse + column + 1, end - column - 1);
        }
    }

    private struct CopyBody : IRangeBody
    {
        public InverseFactor Owner;
        public int First;
        public int Count;
        public float* Target;

        public readonly void Invoke(int index)
        {
            int last = Owner._size - 1, column = First + index;
            double* source = Owner.Row(last - column) + last;
            for (int row = First; row < Math.Min(First + Count, column); row++)
            {
                Target[((nint)(row - First) * Owner._size) + column] = (float)source[-row];
            }

            if (column < First + Count)
            {
                Target[((nint)index * Owner._size) + column] = (float)Owner.Diagonal(column);
            }
        }
    }
}
