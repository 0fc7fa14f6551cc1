using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace BiMaskGen.Generators.Parsing;

/// <summary>What is known of the module that an expression gives.</summary>
/// <param name="Type">Its static type, null where the expression has none.</param>
/// <param name="Shape">Its shape if it comes from the factory of a layer that can be sparse.</param>
/// <param name="IsNull">Whether it is the constant null, which makes no layer.</param>
/// <param name="Operation">The expression, without conversions around it.</param>
internal readonly record struct ModuleValue(ITypeSymbol? Type, LinearShape Shape, bool IsNull, IOperation? Operation);

/// <summary>A number of features where it stands.</summary>
/// <param name="Syntax">The argument.</param>
/// <param name="Constant">Its value where the text alone says it.</param>
/// <param name="Model">What its file means.</param>
/// <param name="Bound">The argument as it is bound; null as long as nobody has had to.</param>
internal readonly record struct FeatureCount(SyntaxNode Syntax, long? Constant, SemanticModel Model, IOperation? Bound)
{
    /// <summary>The argument's value, bound.</summary>
    public IOperation? Operation(CancellationToken cancellation) => Bound ?? Model.GetOperation(Syntax, cancellation);
}

/// <summary>A call of <c>torch.nn.Linear</c>, or of a convolution's factory, with two numbers of features, or channels.</summary>
/// <param name="InFeatures">The first.</param>
/// <param name="OutFeatures">The second.</param>
/// <param name="Invocation">The call.</param>
/// <param name="Taps">Entries of a convolution's kernel, null where only the run tells them; 1 of a Linear.</param>
internal readonly record struct LinearCall(FeatureCount InFeatures, FeatureCount OutFeatures, SyntaxNode Invocation, int? Taps = 1);

/// <summary>Reads the values assigned to members: <c>torch.nn.Linear(784, 512)</c>, <c>Conv2d(64, 128, 3)</c>.</summary>
internal sealed class LinearFactory(KnownTypes known, ClassCode code, IntegerReader integers, CancellationToken cancellation)
{
    public const string Name = "Linear";

    private readonly PlainLinear _plain = new(known, code);
    private readonly ConvFactory _convolutions = new(known, integers);

    public ModuleValue Read(AssignedValue value)
    {
        if (value.Expression is not { } expression)
        {
            return new ModuleValue(null, LinearShape.Unknown, IsNull: false, null);
        }

        if (_plain.Read(expression, value.Model) is { } plain)
        {
            return new ModuleValue(known.Linear, plain.Shape, IsNull: false, null);
        }

        ExpressionSyntax stripped = Syntax.Strip(expression);
        IOperation? operation = Unwrap(value.Model.GetOperation(stripped, cancellation));
        if (operation is null)
        {
            return new ModuleValue(value.Model.GetTypeInfo(stripped, cancellation).Type, LinearShape.Unknown, IsNull: false, null);
        }

        bool isNull = operation.ConstantValue is { HasValue: true, Value: null };
        LinearShape shape = operation is IInvocationOperation call ? Shape(call) : LinearShape.Unknown;
        return new ModuleValue(operation.Type, shape, isNull, operation);
    }

    /// <summary>
    /// What a value can come from: a factory call, or one for each branch of a choice; null for a branch that is another thing
    /// than a call or nothing at all.
    /// </summary>
    public IEnumerable<LinearCall?> Branches(AssignedValue value) => value.Expression is { } expression && _plain.Read(expression, value.Model) is { } plain
        ? [plain.Call]
        : Branches(Read(value).Operation);

    /// <summary>Why a value is no convolution that can be sparse, or null.</summary>
    public string? WhyDense(ModuleValue value) => _convolutions.WhyDense(value.Operation);

    /// <summary>The factory calls among the branches.</summary>
    public IEnumerable<LinearCall> Calls(IOperation? operation) => Branches(operation).OfType<LinearCall>();

    private IEnumerable<LinearCall?> Branches(IOperation? operation)
    {
        operation = Unwrap(operation);
        return operation switch
        {
            { ConstantValue: { HasValue: true, Value: null } } => [],
            IInvocationOperation call => [Features(call)],
            IConditionalOperation conditional => Branches(conditional.WhenTrue).Concat(Branches(conditional.WhenFalse)),
            ICoalesceOperation coalesce => Branches(coalesce.Value).Concat(Branches(coalesce.WhenNull)),
            ISwitchExpressionOperation choice => choice.Arms.SelectMany(arm => Branches(arm.Value)),
            IThrowOperation => [],
            _ => [null],
        };
    }

    /// <summary>The argument of a parameter, which may be its default value; null where the call is incomplete.</summary>
    public static IOperation? Argument(IInvocationOperation call, int ordinal) =>
        call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == ordinal)?.Value;

    /// <summary>The expression without conversions, parentheses and assignments around it.</summary>
    public static IOperation? Unwrap(IOperation? operation)
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

    private bool IsFactory(IInvocationOperation call) => call.TargetMethod.Name == Name && KnownTypes.Same(call.TargetMethod.ContainingType, known.Nn);

    private LinearCall? Features(IInvocationOperation call) =>
        _convolutions.IsFactory(call)
        && Argument(call, 0) is { } inChannels && Argument(call, 1) is { } outChannels
            ? new LinearCall(Count(inChannels), Count(outChannels), call.Syntax, _convolutions.Taps(call))
            : LinearFeatures(call);

    private LinearCall? LinearFeatures(IInvocationOperation call) =>
        // By position: TorchSharp has renamed factory parameters between versions.
        IsFactory(call)
        && call.TargetMethod.Parameters.FirstOrDefault() is { Type.SpecialType: SpecialType.System_Int64 }
        && Argument(call, 0) is { } inFeatures && Argument(call, 1) is { } outFeatures
            ? new LinearCall(Count(inFeatures), Count(outFeatures), call.Syntax)
            : null;

    private static FeatureCount Count(IOperation argument) => new(argument.Syntax, null, argument.SemanticModel!, argument);

    private LinearShape Shape(IInvocationOperation call)
    {
        if (_convolutions.IsFactory(call))
        {
            return _convolutions.Shape(call);
        }

        if (Features(call) is { } features)
        {
            return new LinearShape(Number(features.InFeatures), Number(features.OutFeatures), Constant(call, 2) as bool?);
        }

        return IsFactory(call) ? new LinearShape(null, null, HasNullBias(call) ? false : null) : LinearShape.Unknown;
    }

    private int? Number(FeatureCount features) => integers.Read(features.Bound) is { } value ? LinearShape.Number(value) : null;

    private static bool HasNullBias(IInvocationOperation call) =>
        Argument(call, 1)?.ConstantValue is { HasValue: true, Value: null };

    private static object? Constant(IInvocationOperation call, int ordinal) =>
        Argument(call, ordinal)?.ConstantValue is { HasValue: true, Value: { } value } ? value : null;
}
