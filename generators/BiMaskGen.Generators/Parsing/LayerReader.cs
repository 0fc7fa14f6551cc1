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
/// <param name="Container">What it holds if it is always a container of torch's that may hold a layer.</param>
internal readonly record struct LayerContent(
    bool IsLinear, ITypeSymbol Type, LinearShape Shape, string? DenseReason, ContainerContent? Container = null)
{
    /// <summary>Whether calls of it, or of what it holds, can be rewritten.</summary>
    public bool CanBeSparse => IsLinear || Container is not null;
}

/// <summary>Decides what a module-typed member holds, by its declaration and by what the class assigns to it.</summary>
internal sealed class LayerReader(KnownTypes known, Assignments assignments, LinearFactory factory, ContainerReader containers)
{
    private const string NotAuto = "the property is not an auto-property";

    public LayerContent Read(ModuleMember member)
    {
        bool declaredLinear = known.IsLayer(member.Type);
        if (!declaredLinear && !KnownTypes.Same(member.Type, known.TensorModule))
        {
            return Other(member, member.Type);
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
        string? reason = member.IsRegistered ? null : NotAuto;
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
        return Other(member, (one ? values[0].Type : null) ?? member.Type);
    }

    private LayerContent Other(ModuleMember member, ITypeSymbol type)
    {
        if (ContainerReader.Kind(type) is not null)
        {
            ContainerContent? container = containers.Read(member, type, assignments.Of(member.Symbol));
            return member.IsRegistered || container is null
                ? new LayerContent(false, type, LinearShape.Unknown, null, container)
                : new LayerContent(false, type, LinearShape.Unknown, NotAuto);
        }

        string? reason = LayerKinds.Describe(type) is null ? null : type.Name + " is not rewritten";
        return new LayerContent(false, type, LinearShape.Unknown, reason);
    }
}
