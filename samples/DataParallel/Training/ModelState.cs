using System.Runtime.InteropServices;
using System.Security.Cryptography;
using BiMaskGen;
using static TorchSharp.torch;

namespace DataParallel;

/// <summary>All that decides the masks of a model, as one number.</summary>
internal static class ModelState
{
    /// <summary>A hash of weights, permutations, clocks and of how many weights the masks keep.</summary>
    public static ulong Hash(Digits.SparseMlp model)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((_, TorchSharp.Modules.Parameter parameter) in model.named_parameters())
        {
            hash.AppendData(parameter.bytes);
        }

        foreach ((_, SparseLayer layer) in model.GetSparseLayers())
        {
            LayerReport report = layer.GetReport();
            hash.AppendData(MemoryMarshal.AsBytes<int>(layer.Permutation ?? []));
            hash.AppendData(MemoryMarshal.AsBytes([layer.Step]));
            hash.AppendData(MemoryMarshal.AsBytes([report.KeptForward ?? 0, report.KeptBackward ?? 0]));
        }

        return BitConverter.ToUInt64(hash.GetHashAndReset());
    }
}
