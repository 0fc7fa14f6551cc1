using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace BiMaskGen.Checkpoints;

/// <summary>
/// The two SHA-256 of a stored layer: of the dense tensor that it was made from, and of what is stored. A changed bit in an index would
/// often be another valid index; the second hash is what notices.
/// </summary>
internal static class LayerDigest
{
    /// <summary>How many hashes there are: the source's, then the content's.</summary>
    public const int Hashes = 2;

    /// <summary>Bytes of each.</summary>
    public const int Bytes = SHA256.HashSizeInBytes;

    /// <summary>Hashes description, source hash, values, indices, row permutation and channel order, in this order and with nothing between.</summary>
    /// <param name="description">The layer's metadata value as it stands in the file.</param>
    /// <param name="layer">The layer.</param>
    public static byte[] OfContent(string description, PackedLayer layer)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(Encoding.UTF8.GetBytes(description));
        sha.AppendData(layer.SourceHash);
        sha.AppendData(layer.KeptValues);
        sha.AppendData(layer.Indices);
        sha.AppendData(MemoryMarshal.AsBytes(layer.RowPermutation));
        sha.AppendData(MemoryMarshal.AsBytes(layer.ChannelOrder));
        return sha.GetHashAndReset();
    }
}
