using System.Collections.Generic;
using System.Linq;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace BiMaskGen.Generators.Parsing;

/// <summary>
/// Reads calls of <c>torch.nn.Conv1d</c> and <c>Conv2d</c>. TorchSharp has renamed the parameters of its factories between versions, so they are found by
/// their place and type: channels first and the kernel third, groups right before the bias, which is the only bool.
/// </summary>
internal sealed class ConvFactory(KnownTypes known, IntegerReader integers)
{
    public const string Conv1d = "Conv1d";
    public const string Conv2d = "Conv2d";

    private const int Kernel = 2;

    public bool IsFactory(IInvocationOperation call) =>
        call.TargetMethod.Name is Conv1d or Conv2d
        && KnownTypes.Same(call.TargetMethod.ContainingType, known.Nn)
        && call.TargetMethod.Parameters.Length > Kernel
        && call.TargetMethod.Parameters.Take(2).All(static parameter => parameter.Type.SpecialType == SpecialType.System_Int64);

    /// <summary>What the call says of the layer's shape.</summary>
    public LinearShape Shape(IInvocationOperation call) => new(
        Number(LinearFactory.Argument(call, 0)),
        Number(LinearFactory.Argument(call, 1)),
        Ordinal(call, SpecialType.System_Boolean) is { } bias && LinearFactory.Argument(call, bias)?.ConstantValue is { HasValue: true, Value: bool has } ? has : null)
    {
        Taps = Taps(call),
    };

    /// <summary>Entries of the kernel, or null where the source does not say them.</summary>
    public int? Taps(IInvocationOperation call) => LinearFactory.Argument(call, Kernel) is not { } kernel ? null
        : Pair(kernel) is ({ } height, { } width) ? Product(height, width)
        : Number(kernel) is { } both ? Product(both, call.TargetMethod.Name == Conv2d ? both : 1)
        : null;

    /// <summary>Why a call under an expression makes no convolution that can be sparse; null where none does.</summary>
    public string? WhyDense(IOperation? value) => value is null ? null : value.DescendantsAndSelf()
        .OfType<IInvocationOperation>().Where(IsFactory).Select(WhyDense).FirstOrDefault(static reason => reason is not null);

    private string? WhyDense(IInvocationOperation call)
    {
        if (Ordinal(call, SpecialType.System_Boolean) is { } bias && bias > 0
            && integers.Read(LinearFactory.Argument(call, bias - 1)) is { } groups and not 1)
        {
            return integers.Read(LinearFactory.Argument(call, 0)) == groups
                ? $"{call.TargetMethod.Name} is a depthwise convolution"
                : $"{call.TargetMethod.Name} is a grouped convolution (groups {groups})";
        }

        IArgumentOperation? mode = call.Arguments.FirstOrDefault(static argument => argument.Parameter?.Type is { TypeKind: TypeKind.Enum, Name: "PaddingModes" });
        return mode?.Value.ConstantValue is { HasValue: true, Value: { } value } && Name(mode.Parameter!.Type, value) is { } name and not "Zeros"
            ? $"{call.TargetMethod.Name} pads with {name}, not with zeros"
            : null;
    }

    private static string? Name(ITypeSymbol type, object value) =>
        type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && value.Equals(field.ConstantValue))?.Name;

    private static int? Ordinal(IInvocationOperation call, SpecialType type) =>
        call.TargetMethod.Parameters.FirstOrDefault(parameter => parameter.Type.SpecialType == type)?.Ordinal;

    private (int?, int?) Pair(IOperation kernel)
    {
        while (kernel is IConversionOperation conversion)
        {
            kernel = conversion.Operand;
        }

        return kernel is ITupleOperation { Elements: { Length: 2 } elements } ? (Number(elements[0]), Number(elements[1])) : (null, null);
    }

    private int? Number(IOperation? operation) => integers.Read(operation) is { } value ? LinearShape.Number(value) : null;

    private static int? Product(int left, int right) => LinearShape.Number((long)left * right);
}
