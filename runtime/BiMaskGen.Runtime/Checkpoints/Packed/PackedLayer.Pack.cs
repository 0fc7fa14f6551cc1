using System.Security.Cryptography;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Masks;

namespace BiMaskGen.Checkpoints;

public sealed unsafe partial class PackedLayer
{
    // Some ten microseconds of work for one thread.
    private const int BlockElements = 1 << 15;

    /// <summary>Packs a dense tensor, on all threads of <see cref="CpuPool"/>.</summary>
    /// <param name="layer">Name, type, sizes and pattern; whether permutations are there is taken from the next parameters.</param>
    /// <param name="dense">The tensor's bytes, [out_features, in_features] row-major.</param>
    /// <param name="forward">
    /// The forward mask, over the columns in their own order. At most N of a group; where it keeps fewer, pruned entries join as kept zeros.
    /// </param>
    /// <param name="rowPermutation">permutation[r] = row at position r; empty for their own order.</param>
    /// <param name="channelOrder">The column at each position of the groups; empty for their own order.</param>
    /// <param name="sourceHash">SHA-256 of the tensor that the layer stands for, if that is not <paramref name="dense"/> itself.</param>
    /// <returns>The packed layer.</returns>
    /// <exception cref="ArgumentException">Sizes disagree, a permutation is none, or a group of the mask holds more than N.</exception>
    public static PackedLayer Pack(
        PackedLayerInfo layer,
        TensorView dense,
        NMMask forward,
        ReadOnlySpan<int> rowPermutation = default,
        ReadOnlySpan<int> channelOrder = default,
        ReadOnlySpan<byte> sourceHash = default)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(forward);
        layer = layer with { HasRowPermutation = !rowPermutation.IsEmpty, HasChannelOrder = !channelOrder.IsEmpty };
        CheckPack(layer, dense.Length, forward, rowPermutation, channelOrder, sourceHash);
        byte[] values = GC.AllocateUninitializedArray<byte>((int)layer.ValueBytes);
        byte[] indices = GC.AllocateUninitializedArray<byte>((int)layer.IndexBytes);
        byte[] hash = sourceHash.IsEmpty ? new byte[SHA256.HashSizeInBytes] : sourceHash.ToArray();
        fixed (byte* source = dense, keptValues = values, keptIndices = indices)
        fixed (ulong* mask = forward.Words)
        fixed (int* order = channelOrder)
        {
            var work = new PackWork
            {
                Layer = layer,
                Dense = source,
                Mask = mask,
                MaskWords = forward.WordsPerRow,
                Order = order,
                Values = keptValues,
                Indices = keptIndices,
                Hash = sourceHash.IsEmpty ? hash : null,
                RowsPerBlock = RowsPerBlock(layer),
            };

            // The hash is one long chain: it starts first, and the other threads pack meanwhile.
            CpuPool.For(1 + ((layer.OutFeatures + work.RowsPerBlock - 1) / work.RowsPerBlock), work, layer.DenseBytes > BlockElements);
        }

        return new PackedLayer(layer, values, indices, rowPermutation.ToArray(), channelOrder.ToArray(), hash);
    }

    /// <summary>Takes kept values that already stand in the order of the format.</summary>
    /// <param name="layer">The layer, without permutations.</param>
    /// <param name="values">Its kept values.</param>
    /// <param name="mask">Where they stand: exactly N of every group.</param>
    internal static PackedLayer FromKept(PackedLayerInfo layer, TensorView values, NMMask mask)
    {
        byte[] indices = new byte[layer.IndexBytes];
        fixed (byte* keptIndices = indices)
        fixed (ulong* words = mask.Words)
        {
            var packer = new RowPacker(layer, null);
            for (int row = 0; row < layer.OutFeatures; row++)
            {
                packer.Pack<byte>(null, words + ((long)row * mask.WordsPerRow), null, keptIndices + ((long)row * layer.IndexBytesPerRow), null);
            }
        }

        byte[] hash = new byte[SHA256.HashSizeInBytes];
        var packed = new PackedLayer(layer, values.AsSpan().ToArray(), indices, [], [], hash);
        packed.HashDense(hash);
        return packed;
    }

    private static int RowsPerBlock(PackedLayerInfo layer) => Math.Max(1, BlockElements / layer.InFeatures);

    private static void CheckPack(
        PackedLayerInfo layer,
        long bytes,
        NMMask forward,
        ReadOnlySpan<int> rowPermutation,
        ReadOnlySpan<int> channelOrder,
        ReadOnlySpan<byte> sourceHash)
    {
        string? problem = layer.FindProblem()
            ?? (bytes == layer.DenseBytes
                ? null
                : $"[{layer.OutFeatures}, {layer.InFeatures}] of {layer.DType.Name()} is {layer.DenseBytes} bytes, not {bytes}.")
            ?? PermutationProblem(rowPermutation, layer.OutFeatures, layer.HasRowPermutation, "row permutation")
            ?? PermutationProblem(channelOrder, layer.InFeatures, layer.HasChannelOrder, "channel order")
            ?? (sourceHash.Length is 0 or SHA256.HashSizeInBytes ? null : $"a SHA-256 has {SHA256.HashSizeInBytes} bytes, not {sourceHash.Length}.");
        if (problem is not null)
        {
            throw new ArgumentException($"{layer.Name}: {problem}");
        }

        MaskArguments.CheckMask(forward, layer.OutFeatures, layer.InFeatures, nameof(forward));
    }

    /// <summary>Index 0 hashes the source if that is wanted, every other packs a block of rows.</summary>
    private struct PackWork : IRangeBody
    {
        private const int HashPiece = 1 << 30;

        public required PackedLayerInfo Layer;
        public required byte* Dense;
        public required ulong* Mask;
        public required int MaskWords;
        public required int* Order;
        public required byte* Values;
        public required byte* Indices;
        public required byte[]? Hash;
        public required int RowsPerBlock;

        public readonly void Invoke(int index)
        {
            if (index == 0)
            {
                MakeHash();
                return;
            }

            int first = (index - 1) * RowsPerBlock, end = Math.Min(first + RowsPerBlock, Layer.OutFeatures);
            switch (Layer.DType.Bytes())
            {
                case 1:
                    Block<byte>(first, end);
                    break;
                case 2:
                    Block<ushort>(first, end);
                    break;
                case 4:
                    Block<uint>(first, end);
                    break;
                default:
                    Block<ulong>(first, end);
                    break;
            }
        }

        private readonly void MakeHash()
        {
            if (Hash is null)
            {
                return;
            }

            using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (long done = 0; done < Layer.DenseBytes; done += HashPiece)
            {
                sha.AppendData(new ReadOnlySpan<byte>(Dense + done, (int)Math.Min(HashPiece, Layer.DenseBytes - done)));
            }

            sha.GetHashAndReset(Hash);
        }

        private readonly void Block<T>(int first, int end)
            where T : unmanaged
        {
            var packer = new RowPacker(Layer, Order);
            ulong[] scratch = Order == null ? [] : new ulong[MaskWords];
            fixed (ulong* words = scratch)
            {
                for (int row = first; row < end; row++)
                {
                    ulong* mask = Mask + ((long)row * MaskWords);
                    T* values = (T*)Values + ((long)row * Layer.KeptPerRow);
                    int group = packer.Pack((T*)Dense + ((long)row * Layer.InFeatures), mask, values, Indices + ((long)row * Layer.IndexBytesPerRow), words);
                    if (group >= 0)
                    {
                        throw new ArgumentException(
                            $"{Layer.Name}: the mask keeps more than {Layer.Pattern.N} of group {group} of row {row}: it is no {Layer.Pattern} mask.");
                    }
                }
            }
        }
    }
}
