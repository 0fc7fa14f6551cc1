using System.Collections.Generic;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace BiMaskGen.Generators.Parsing;

/// <summary>
/// Follows an integer to the constants that it comes from: through arithmetic, <c>const</c>s, <c>static readonly</c> fields, locals that are
/// written once, members that a constructor sets once, and parameters whose arguments are given. What it cannot follow is null, never a guess.
/// </summary>
internal sealed class IntegerReader(Compilation compilation, CancellationToken cancellation)
{
    // More than code that people write needs; while it is being typed, a property can lead back to itself, twice over in one sum.
    private const int MaxSteps = 1000;
    private const int MaxDepth = 60;

    private static readonly IReadOnlyDictionary<ISymbol, long> NoArguments = new Dictionary<ISymbol, long>(SymbolEqualityComparer.Default);

    private readonly ValueOrigins _origins = new(compilation, cancellation);

    /// <summary>The value, or null.</summary>
    /// <param name="operation">The expression.</param>
    /// <param name="arguments">What constructor parameters are known to be.</param>
    /// <param name="used">Takes the parameters whose arguments were needed.</param>
    public long? Read(IOperation? operation, IReadOnlyDictionary<ISymbol, long>? arguments = null, ISet<ISymbol>? used = null) =>
        Read(operation, new Search(arguments ?? NoArguments, used), depth: 0);

    /// <summary>The number in the source that an expression simply passes on, itself or as the value of a const, field or local; or null.</summary>
    public LiteralExpressionSyntax? Literal(IOperation? operation)
    {
        for (int depth = 0; depth < MaxDepth && operation is not null and not ILiteralOperation; depth++)
        {
            operation = operation switch
            {
                IParenthesizedOperation parenthesized => parenthesized.Operand,
                IConversionOperation { OperatorMethod: null } conversion => conversion.Operand,
                _ => _origins.Of(operation),
            };
        }

        return operation?.Syntax is LiteralExpressionSyntax literal && literal.IsKind(SyntaxKind.NumericLiteralExpression) ? literal : null;
    }

    private long? Read(IOperation? operation, Search search, int depth)
    {
        cancellation.ThrowIfCancellationRequested();
        if (operation is null || !IsInteger(operation.Type) || depth > MaxDepth || ++search.Steps > MaxSteps)
        {
            return null;
        }

        if (operation.ConstantValue is { HasValue: true, Value: { } constant })
        {
            return Whole(constant);
        }

        long? value = operation switch
        {
            IParenthesizedOperation parenthesized => Inner(parenthesized.Operand),
            IConversionOperation { OperatorMethod: null } conversion => Inner(conversion.Operand),
            IUnaryOperation { OperatorMethod: null } unary => Signed(unary.OperatorKind, Inner(unary.Operand)),
            IBinaryOperation { OperatorMethod: null } binary => Inner(binary.LeftOperand) is { } left && Inner(binary.RightOperand) is { } right
                ? Combined(binary.OperatorKind, left, right)
                : null,
            IParameterReferenceOperation parameter => Argument(parameter.Parameter, search),
            _ => Inner(_origins.Of(operation)),
        };
        return value is { } whole && Fits(whole, operation.Type!.SpecialType) ? whole : null;

        long? Inner(IOperation? operand) => Read(operand, search, depth + 1);
    }

    private long? Argument(IParameterSymbol parameter, Search search)
    {
        if (!search.Arguments.TryGetValue(parameter, out long value) || !_origins.KeepsArgument(parameter))
        {
            return null;
        }

        search.Used?.Add(parameter);
        return value;
    }

    private static long? Signed(UnaryOperatorKind kind, long? value) => kind switch
    {
        UnaryOperatorKind.Plus => value,
        UnaryOperatorKind.Minus when value is not long.MinValue => -value,
        _ => null,
    };

    /// <summary>The result, or null where the operation is another one, throws or leaves 64 bits.</summary>
    private static long? Combined(BinaryOperatorKind kind, long left, long right)
    {
        try
        {
            checked
            {
                return kind switch
                {
                    BinaryOperatorKind.Add => left + right,
                    BinaryOperatorKind.Subtract => left - right,
                    BinaryOperatorKind.Multiply => left * right,
                    BinaryOperatorKind.Divide when right != 0 => left / right,
                    BinaryOperatorKind.Remainder when right is not (0 or -1) => left % right,
                    BinaryOperatorKind.LeftShift when right is >= 0 and < 31 => left * (1L << (int)right),
                    BinaryOperatorKind.RightShift when right is >= 0 and < 31 => left >> (int)right,
                    _ => null,
                };
            }
        }
        catch (System.OverflowException)
        {
            return null;
        }
    }

    private static bool IsInteger(ITypeSymbol? type) => type?.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_UInt64;

    private static long? Whole(object constant) => constant switch
    {
        long value => value,
        int value => value,
        short value => value,
        sbyte value => value,
        byte value => value,
        ushort value => value,
        uint value => value,
        _ => null,
    };

    /// <summary>Whether the value is one of the type: arithmetic that wraps around is nobody's shape.</summary>
    private static bool Fits(long value, SpecialType type) => type switch
    {
        SpecialType.System_SByte => value is >= sbyte.MinValue and <= sbyte.MaxValue,
        SpecialType.System_Byte => value is >= byte.MinValue and <= byte.MaxValue,
        SpecialType.System_Int16 => value is >= short.MinValue and <= short.MaxValue,
        SpecialType.System_UInt16 => value is >= ushort.MinValue and <= ushort.MaxValue,
        SpecialType.System_Int32 => value is >= int.MinValue and <= int.MaxValue,
        SpecialType.System_UInt32 => value is >= uint.MinValue and <= uint.MaxValue,
        SpecialType.System_UInt64 => value >= 0,
        _ => true,
    };

    private sealed class Search(IReadOnlyDictionary<ISymbol, long> arguments, ISet<ISymbol>? used)
    {
        public IReadOnlyDictionary<ISymbol, long> Arguments => arguments;

        public ISet<ISymbol>? Used => used;

        public int Steps { get; set; }
    }
}
