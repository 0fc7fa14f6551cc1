using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Parsing;

/// <summary>TorchSharp's modules that hold weights and cannot be sparse; norms count as activations do, nobody prunes them.</summary>
internal static class LayerKinds
{
    private const string Convolution = "a convolution of any kind";
    private const string Transposed = "a transposed convolution";
    private const string Recurrent = "a recurrent layer, whose products run inside libtorch";
    private const string Attention = "attention, whose projections run inside libtorch";
    private const string Table = "a table that is looked up, not multiplied";

    private static readonly Dictionary<string, string> ByType = new()
    {
        ["Bilinear"] = "a bilinear form",
        ["Conv3d"] = "a convolution in three dimensions",
        ["Convolution"] = Convolution,
        ["ConvTranspose1d"] = Transposed,
        ["ConvTranspose2d"] = Transposed,
        ["ConvTranspose3d"] = Transposed,
        ["Embedding"] = Table,
        ["EmbeddingBag"] = Table,
        ["GRU"] = Recurrent,
        ["GRUCell"] = Recurrent,
        ["LSTM"] = Recurrent,
        ["LSTMCell"] = Recurrent,
        ["RNN"] = Recurrent,
        ["RNNCell"] = Recurrent,
        ["MultiheadAttention"] = Attention,
        ["Transformer"] = Attention,
        ["TransformerDecoder"] = Attention,
        ["TransformerDecoderLayer"] = Attention,
        ["TransformerEncoder"] = Attention,
        ["TransformerEncoderLayer"] = Attention,
    };

    /// <summary>What kind of layer a type is that stays dense although it has weights; null for every other type.</summary>
    public static string? Describe(ITypeSymbol type) =>
        KnownTypes.IsTorchLayer(type) && ByType.TryGetValue(type.Name, out string kind) ? kind : null;
}
