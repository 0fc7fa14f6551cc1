using System.Collections.Generic;
using System.Linq;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Parsing;

/// <summary>What a module-typed member holds.</summary>
/// <param name="IsLinear">Whether it is always a Linear, or always a convolution of one kind, as declared or by every assignment.</param>
/// <param name="Type">Its most exact known type.</param>
/// <param name="Shape">Its shape if it is one.</param>
/// <param name="DenseReason">Why a layer with weights is not rewritten, or null.</param>
internal readonly record struct LayerContent(bool IsLinear, ITypeSymbol Type, LinearShape Shape, string? DenseReason);

/// <summary>Decides what a module-typed member holds, by its declaration and by what the class assigns to it.</summary>
internal sealed class LayerReader(KnownTypes known, Assignments assignments, LinearFactory factory)
{
    public LayerContent Read(ModuleMember member)
    {
        bool declaredLinear = known.IsLayer(member.Type);
        if (!declaredLinear && !KnownTypes.Same(member.Type, known.TensorModule))
        {
            return Other(member.Type);
        }

        List<ModuleValue> values = [.. assignments.Of(member.Symbol).Select(factory.Read).Where(static value => !value.IsNull)];
        LinearShape shape = values.Count == 0 || member.IsWritableOutside
            ? LinearShape.Unknown
            : values.Select(static value => value.Shape).Aggregate(static (left, right) => left.And(right));

        if (!declaredLinear)
        {
            bool always = values.Count > 0 && !member.IsWritableOutside
                && known.IsLayer(values[0].Type) && values.All(value => KnownTypes.Same(value.Type, values[0].Type));
            if (!always)
            {
                return NotAlwaysLinear(member, values);
            }
        }

        ITypeSymbol type = declaredLinear ? member.Type : values[0].Type!;
        string? reason = member.IsRegistered ? null : "the property is not an auto-property";
        reason ??= known.IsConvolution(type) ? values.Select(factory.WhyDense).FirstOrDefault(static why => why is not null) : null;
        return new LayerContent(reason is null, type, shape, reason);
    }

    private LayerContent NotAlwaysLinear(ModuleMember member, List<ModuleValue> values)
    {
        ITypeSymbol? layer = values.Select(static value => value.Type).FirstOrDefault(known.IsLayer);
        if (layer is not null || values.Any(value => factory.Calls(value.Operation).Any()))
        {
            string reason = $"declared as a module, and not every value it can hold is a {(layer ?? known.Linear).Name}";
            return new LayerContent(false, member.Type, LinearShape.Unknown, reason);
        }

        bool one = values.Count > 0 && !member.IsWritableOutside && values.All(value => KnownTypes.Same(value.Type, values[0].Type));
        return Other((one ? values[0].Type : null) ?? member.Type);
    }

    private static LayerContent Other(ITypeSymbol type)
    {
        string? reason = LayerKinds.Describe(type) is null ? null : type.Name + " is not rewritten";
        return new LayerContent(false, type, LinearShape.Unknown, reason);
    }
}
