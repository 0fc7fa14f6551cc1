using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Parsing;

/// <summary>What a module-typed member holds.</summary>
/// <param name="IsLinear">Whether it is always a Linear, as declared or by every assignment.</param>
/// <param name="Type">Its most exact known type.</param>
/// <param name="Shape">Its shape if it is a Linear.</param>
/// <param name="DenseReason">Why a layer with weights is not rewritten, or null.</param>
internal readonly record struct LayerContent(bool IsLinear, ITypeSymbol Type, LinearShape Shape, string? DenseReason);

/// <summary>Decides what a module-typed member holds, by its declaration and by what the class assigns to it.</summary>
internal static class LayerReader
{
    // TorchSharp's modules that hold weights and are no Linear; norms count as activations do, nobody prunes them.
    private static readonly HashSet<string> WithWeights =
    [
        "Bilinear", "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d", "Convolution", "Embedding",
        "EmbeddingBag", "GRU", "GRUCell", "LSTM", "LSTMCell", "MultiheadAttention", "RNN", "RNNCell", "Transformer", "TransformerDecoder",
        "TransformerDecoderLayer", "TransformerEncoder", "TransformerEncoderLayer",
    ];

    public static LayerContent Read(ModuleMember member, Assignments assignments, KnownTypes known, CancellationToken cancellation)
    {
        bool declaredLinear = KnownTypes.Same(member.Type, known.Linear);
        if (!declaredLinear && !KnownTypes.Same(member.Type, known.TensorModule))
        {
            return Other(member.Type, known);
        }

        List<ModuleValue> values = [.. assignments.Of(member.Symbol)
            .Select(value => LinearFactory.Read(value, known, cancellation))
            .Where(static value => !value.IsNull)];
        LinearShape shape = values.Count == 0 || member.IsWritableOutside
            ? LinearShape.Unknown
            : values.Select(static value => value.Shape).Aggregate(static (left, right) => left.And(right));

        if (!declaredLinear)
        {
            bool always = values.Count > 0 && !member.IsWritableOutside && values.All(value => KnownTypes.Same(value.Type, known.Linear));
            if (!always)
            {
                return NotAlwaysLinear(member, values, known);
            }
        }

        return member.IsRegistered
            ? new LayerContent(true, known.Linear, shape, null)
            : new LayerContent(false, known.Linear, shape, "the property is not an auto-property");
    }

    private static LayerContent NotAlwaysLinear(ModuleMember member, List<ModuleValue> values, KnownTypes known)
    {
        if (values.Any(value => KnownTypes.Same(value.Type, known.Linear)))
        {
            const string reason = "declared as a module, and not every value it can hold is a Linear";
            return new LayerContent(false, member.Type, LinearShape.Unknown, reason);
        }

        bool one = values.Count > 0 && !member.IsWritableOutside && values.All(value => KnownTypes.Same(value.Type, values[0].Type));
        return Other((one ? values[0].Type : null) ?? member.Type, known);
    }

    private static LayerContent Other(ITypeSymbol type, KnownTypes known)
    {
        bool weighted = WithWeights.Contains(type.Name) && KnownTypes.Same(type.ContainingNamespace, known.Linear.ContainingNamespace);
        return new LayerContent(false, type, LinearShape.Unknown, weighted ? type.Name + " is not rewritten" : null);
    }
}
