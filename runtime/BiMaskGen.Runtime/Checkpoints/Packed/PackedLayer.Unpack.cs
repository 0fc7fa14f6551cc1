using System.Security.Cryptography;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Masks;

namespace BiMaskGen.Checkpoints;

public sealed unsafe partial class PackedLayer
{
    /// <summary>Writes the dense tensor, pruned entries as +0.</summary>
    /// <param name="dense">Its bytes, [out_features, in_features] row-major.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public void Unpack(Span<byte> dense) => UnpackRows(0, OutFeatures, dense);

    /// <summary>Writes some rows of the dense tensor, pruned entries as +0, on all threads of <see cref="CpuPool"/>.</summary>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rowCount">Rows to write.</param>
    /// <param name="dense">Their bytes, row-major.</param>
    /// <exception cref="ArgumentException">The span has another length, or the rows are not there.</exception>
    public void UnpackRows(int firstRow, int rowCount, Span<byte> dense)
    {
        MaskArguments.CheckRange(firstRow, rowCount, OutFeatures, nameof(rowCount));
        long rowBytes = (long)InFeatures * DType.Bytes();
        if (dense.Length != rowCount * rowBytes)
        {
            throw new ArgumentException($"{Name}: {rowCount} rows are {rowCount * rowBytes} bytes, not {dense.Length}.", nameof(dense));
        }

        fixed (byte* destination = dense)
        {
            var work = new UnpackWork
            {
                Layer = this,
                Dense = destination,
                First = firstRow,
                End = firstRow + rowCount,
                RowsPerBlock = RowsPerBlock(Info),
            };
            CpuPool.For((rowCount + work.RowsPerBlock - 1) / work.RowsPerBlock, work, dense.Length > BlockElements);
        }
    }

    /// <summary>Writes the dense tensor as float32 (<see cref="TensorConversion"/>), pruned entries as +0.</summary>
    /// <param name="dense">out_features × in_features numbers.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    /// <exception cref="NMSparseTypeException">The layer's elements are no floats that convert.</exception>
    public void UnpackSingle(Span<float> dense)
    {
        if (dense.Length != (long)OutFeatures * InFeatures)
        {
            throw new ArgumentException($"{Name}: [{OutFeatures}, {InFeatures}] is not {dense.Length} numbers.", nameof(dense));
        }

        if (!TensorConversion.IsSupported(DType))
        {
            throw new NMSparseTypeException(Name, $"elements of {DType.Name()} do not convert to F32.");
        }

        int rows = RowsPerBlock(Info);
        byte[] block = new byte[Math.Min(rows, OutFeatures) * (long)InFeatures * DType.Bytes()];
        for (int row = 0; row < OutFeatures; row += rows)
        {
            int count = Math.Min(rows, OutFeatures - row), elements = count * InFeatures;
            Span<byte> bytes = block.AsSpan(0, elements * DType.Bytes());
            UnpackRows(row, count, bytes);
            TensorConversion.ToSingle(DType, bytes, dense.Slice(row * InFeatures, elements));
        }
    }

    /// <summary>Writes the SHA-256 of the dense tensor.</summary>
    private void HashDense(Span<byte> hash)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int rows = RowsPerBlock(Info), rowBytes = InFeatures * DType.Bytes();
        byte[] block = new byte[Math.Min(rows, OutFeatures) * rowBytes];
        for (int row = 0; row < OutFeatures; row += rows)
        {
            Span<byte> bytes = block.AsSpan(0, Math.Min(rows, OutFeatures - row) * rowBytes);
            UnpackRows(row, bytes.Length / rowBytes, bytes);
            sha.AppendData(bytes);
        }

        sha.GetHashAndReset(hash);
    }

    /// <summary>Makes the forward mask, over the columns in their own order.</summary>
    /// <returns>The mask, [out_features, in_features].</returns>
    public NMMask MakeForwardMask()
    {
        var mask = new NMMask(OutFeatures, InFeatures);
        for (int row = 0; row < OutFeatures; row++)
        {
            RowReader.Mark(Info, IndicesOf(row), ChannelOrder, mask, row);
        }

        return mask;
    }

    /// <summary>
    /// Makes the Bi-Mask backward mask, which is not stored because it follows from the rest: of every column, in every M permuted rows, the N
    /// largest kept |w| (as float32).
    /// </summary>
    /// <param name="forward">The mask of <see cref="MakeForwardMask"/>.</param>
    /// <returns>The mask, [out_features, in_features].</returns>
    /// <exception cref="NMSparseTypeException">The layer's elements are no floats that convert.</exception>
    /// <exception cref="NMSparseValueException">A kept value is NaN or infinite.</exception>
    public NMMask MakeBackwardMask(NMMask forward)
    {
        float[] weight = GC.AllocateUninitializedArray<float>(OutFeatures * InFeatures);
        UnpackSingle(weight);
        int bad = WeightCheck.FirstNonFinite(weight);
        if (bad >= 0)
        {
            throw new NMSparseValueException(Name, $"entry [{bad / InFeatures}, {bad % InFeatures}] is {weight[bad]}; a backward mask needs finite weights.");
        }

        int[] permutation = _rowPermutation.Length > 0 ? _rowPermutation : Permutations.RowPermutation.Identity(OutFeatures);
        var backward = new NMMask(OutFeatures, InFeatures);
        Masks.BackwardMask.Compute(Pattern, weight, OutFeatures, InFeatures, forward, permutation, backward);
        return backward;
    }

    private ReadOnlySpan<byte> IndicesOf(int row) => _indices.AsSpan(row * Info.IndexBytesPerRow, Info.IndexBytesPerRow);

    private void UnpackRow<T>(int row, Span<byte> dense)
        where T : unmanaged
    {
        int bytes = Info.KeptPerRow * sizeof(T);
        RowReader.Unpack<T>(Info, IndicesOf(row), _values.AsSpan(row * bytes, bytes), _channelOrder, dense);
    }

    private struct UnpackWork : IRangeBody
    {
        public required PackedLayer Layer;
        public required byte* Dense;
        public required int First;
        public required int End;
        public required int RowsPerBlock;

        public readonly void Invoke(int index)
        {
            int first = First + (index * RowsPerBlock), end = Math.Min(first + RowsPerBlock, End);
            int elementBytes = Layer.DType.Bytes(), rowBytes = Layer.InFeatures * elementBytes;
            for (int row = first; row < end; row++)
            {
                var dense = new Span<byte>(Dense + ((long)(row - First) * rowBytes), rowBytes);
                switch (elementBytes)
                {
                    case 1:
                        Layer.UnpackRow<byte>(row, dense);
                        break;
                    case 2:
                        Layer.UnpackRow<ushort>(row, dense);
                        break;
                    case 4:
                        Layer.UnpackRow<uint>(row, dense);
                        break;
                    default:
                        Layer.UnpackRow<ulong>(row, dense);
                        break;
                }
            }
        }
    }
}
