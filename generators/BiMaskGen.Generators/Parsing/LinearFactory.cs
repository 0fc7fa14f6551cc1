using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace BiMaskGen.Generators.Parsing;

/// <summary>What is known of the module that an expression gives.</summary>
/// <param name="Type">Its static type, null where the expression has none.</param>
/// <param name="Shape">Its shape if it comes from a <c>torch.nn.Linear</c> factory.</param>
/// <param name="IsNull">Whether it is the constant null, which makes no layer.</param>
internal readonly record struct ModuleValue(ITypeSymbol? Type, LinearShape Shape, bool IsNull);

/// <summary>Reads the values assigned to members: <c>torch.nn.Linear(784, 512)</c>.</summary>
internal static class LinearFactory
{
    public static ModuleValue Read(AssignedValue value, KnownTypes known, CancellationToken cancellation)
    {
        if (value.Expression is not { } expression)
        {
            return new ModuleValue(null, LinearShape.Unknown, IsNull: false);
        }

        ExpressionSyntax stripped = Syntax.Strip(expression);
        IOperation? operation = Unwrap(value.Model.GetOperation(stripped, cancellation));
        if (operation is null)
        {
            return new ModuleValue(value.Model.GetTypeInfo(stripped, cancellation).Type, LinearShape.Unknown, IsNull: false);
        }

        bool isNull = operation.ConstantValue is { HasValue: true, Value: null };
        return new ModuleValue(operation.Type, operation is IInvocationOperation call ? Shape(call, known) : LinearShape.Unknown, isNull);
    }

    private static IOperation? Unwrap(IOperation? operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IParenthesizedOperation parenthesized:
                    operation = parenthesized.Operand;
                    break;
                case IConversionOperation conversion:
                    operation = conversion.Operand;
                    break;
                case ISimpleAssignmentOperation assignment:
                    operation = assignment.Value;
                    break;
                default:
                    return operation;
            }
        }
    }

    private static LinearShape Shape(IInvocationOperation call, KnownTypes known)
    {
        IMethodSymbol method = call.TargetMethod;
        if (method.Name != "Linear" || !KnownTypes.Same(method.ContainingType, known.Nn))
        {
            return LinearShape.Unknown;
        }

        // By position: TorchSharp has renamed factory parameters between versions.
        return method.Parameters.FirstOrDefault() is { Type.SpecialType: SpecialType.System_Int64 }
            ? new LinearShape(Features(call, 0), Features(call, 1), Constant(call, 2) as bool?)
            : new LinearShape(null, null, HasNullBias(call) ? false : null);
    }

    private static int? Features(IInvocationOperation call, int ordinal) =>
        Constant(call, ordinal) is long features and > 0 and <= int.MaxValue ? (int)features : null;

    private static bool HasNullBias(IInvocationOperation call) =>
        Argument(call, 1)?.ConstantValue is { HasValue: true, Value: null };

    private static object? Constant(IInvocationOperation call, int ordinal) =>
        Argument(call, ordinal)?.ConstantValue is { HasValue: true, Value: { } value } ? value : null;

    private static IOperation? Argument(IInvocationOperation call, int ordinal)
    {
        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (argument.Parameter?.Ordinal == ordinal)
            {
                return argument.Value;
            }
        }

        return null;
    }
}
