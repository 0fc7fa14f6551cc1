using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace BiMaskGen.Generators.Parsing;

/// <summary>A module that is built into a container in the source.</summary>
/// <param name="Path">Its name below the container's, "0", or "0.2" where containers are nested.</param>
/// <param name="Type">Its type as the source says it; null where it does not.</param>
/// <param name="Shape">Its shape if it comes from the factory of a layer that can be sparse.</param>
/// <param name="Value">The expression that makes it.</param>
/// <param name="DenseReason">Why a convolution cannot be sparse, or null.</param>
internal sealed record ContainerElement(string Path, ITypeSymbol? Type, LinearShape Shape, AssignedValue Value, string? DenseReason = null)
{
    /// <summary>Whether it is a layer that can be sparse.</summary>
    public bool IsLayer(KnownTypes known) => DenseReason is null && known.IsLayer(Type);
}

/// <summary>What a container member holds.</summary>
/// <param name="Kind">"Sequential", "ModuleList" or "ModuleDict".</param>
/// <param name="Elements">All modules that are built into it, nested containers resolved; null where only the run tells.</param>
internal sealed record ContainerContent(string Kind, IReadOnlyList<ContainerElement>? Elements);

/// <summary>
/// Reads the containers that a class builds, <c>Sequential(("a", Linear(784, 512)), ...)</c>, element by element. What it cannot read is left to the
/// run: the emitted code looks at the container that is there.
/// </summary>
internal sealed class ContainerReader(KnownTypes known, ClassCode code, LinearFactory factory, CancellationToken cancellation)
{
    public const string Sequential = "Sequential";
    public const string List = "ModuleList";
    public const string Dictionary = "ModuleDict";

    // A Sequential in a list in a Sequential; deeper ones nobody writes.
    private const int MaxDepth = 8;

    private static readonly HashSet<string> s_changes = ["append", "Add", "extend", "Insert", "Remove", "RemoveAt", "Clear", "clear"];

    /// <summary>The kind of container that a type is, or null. Of torch's types alone: a class of the user's may call its elements as it likes.</summary>
    public static string? Kind(ITypeSymbol? type) =>
        type is INamedTypeSymbol named && KnownTypes.IsTorchLayer(named)
            ? (named.Name, named.TypeArguments.Length) switch
            {
                (Sequential, 0) => Sequential,
                (List, 1) => List,
                (Dictionary, 1) => Dictionary,
                _ => null,
            }
            : null;

    /// <summary>What a container of that type holds if it may hold a layer that the class or torch calls; null if not.</summary>
    public ContainerContent? Read(ModuleMember member, ITypeSymbol type, IReadOnlyList<AssignedValue> values)
    {
        string kind = Kind(type)!;
        List<InvocationExpressionSyntax> changes = [.. Changes(member)];
        AssignedValue[] made = [.. values.Where(value => !factory.Read(value).IsNull)];
        IReadOnlyList<ContainerElement>? elements = made.Length == 1 && changes.Count == 0 && !member.IsWritableOutside && made[0].Expression is { } expression
            ? Elements(made[0].Model.GetOperation(Syntax.Strip(expression), cancellation), made[0].Model, prefix: "", depth: 0)
            : null;
        bool mayHold = elements?.Any(MayBeLayer)
            ?? (kind == Sequential || HoldsLayers(type) || Mentioned(made, changes));
        return mayHold ? new ContainerContent(kind, elements) : null;
    }

    /// <summary>The elements of one expression that makes a container; null where not all of them are written in it.</summary>
    private List<ContainerElement>? Elements(IOperation? operation, SemanticModel model, string prefix, int depth)
    {
        if (depth > MaxDepth || Written(LinearFactory.Unwrap(operation)) is not { } written)
        {
            return null;
        }

        List<ContainerElement> elements = [];
        for (int i = 0; i < written.Count; i++)
        {
            IOperation? element = LinearFactory.Unwrap(written[i]);
            string? name = i.ToString(CultureInfo.InvariantCulture);
            if (element is ITupleOperation { Elements: { Length: 2 } pair })
            {
                name = pair[0].ConstantValue is { HasValue: true, Value: string constant } ? constant : null;
                element = LinearFactory.Unwrap(pair[1]);
            }

            if (name is null || element is null or ISpreadOperation || element.Syntax is not ExpressionSyntax syntax)
            {
                return null;
            }

            string path = prefix + name;
            if (Kind(element.Type) is not null && Elements(element, model, path + ".", depth + 1) is { } nested)
            {
                elements.AddRange(nested);
            }
            else
            {
                AssignedValue value = new(syntax, model);
                ModuleValue read = factory.Read(value);
                elements.Add(new ContainerElement(path, element.Type, read.Shape, value, known.IsConvolution(element.Type) ? factory.WhyDense(read) : null));
            }
        }

        // Nobody keeps an empty container: somebody fills it elsewhere.
        return elements.Count == 0 && depth == 0 ? null : elements;
    }

    /// <summary>What is written between the parentheses or brackets of a container; null for everything else.</summary>
    private IReadOnlyList<IOperation>? Written(IOperation? operation) => operation switch
    {
        IInvocationOperation call when KnownTypes.Same(call.TargetMethod.ContainingType, known.Nn) && Kind(call.Type) is not null => Arguments(call.Arguments),
        IObjectCreationOperation { Initializer: null } creation when Kind(creation.Type) is not null => Arguments(creation.Arguments),
        ICollectionExpressionOperation literal when Kind(literal.Type) is not null => literal.Elements,
        _ => null,
    };

    private static IReadOnlyList<IOperation>? Arguments(ImmutableArray<IArgumentOperation> arguments) => arguments.Length switch
    {
        0 => [],
        1 => LinearFactory.Unwrap(arguments[0].Value) switch
        {
            IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
            ICollectionExpressionOperation literal => literal.Elements,
            _ => null,
        },
        _ => null,
    };

    /// <summary>Calls in the class that change which elements a member holds.</summary>
    private IEnumerable<InvocationExpressionSyntax> Changes(ModuleMember member) => code.Sources
        .SelectMany(static source => source.Declaration.DescendantNodes())
        .OfType<InvocationExpressionSyntax>()
        .Where(call => call.Expression is MemberAccessExpressionSyntax access && s_changes.Contains(access.Name.Identifier.ValueText)
            && Syntax.Name(Syntax.Strip(access.Expression)) == member.Symbol.Name);

    private bool HoldsLayers(ITypeSymbol type) =>
        type is INamedTypeSymbol { TypeArguments: { Length: 1 } arguments }
        && (known.IsLayer(arguments[0]) || Kind(arguments[0]) is not null);

    /// <summary>Whether a layer or a Sequential is made in what the class puts in: by the text, which is all there is for most of it.</summary>
    private static bool Mentioned(IEnumerable<AssignedValue> made, IEnumerable<InvocationExpressionSyntax> changes) =>
        made.Select(static value => (SyntaxNode?)value.Expression).Concat(changes.Select(static call => call.ArgumentList))
            .SelectMany(static node => node?.DescendantNodesAndSelf() ?? [])
            .Any(static node => node is InvocationExpressionSyntax call && Syntax.Name(call.Expression) is LinearFactory.Name or ConvFactory.Conv1d or ConvFactory.Conv2d or Sequential);

    private bool MayBeLayer(ContainerElement element) =>
        element.Type is not { } type || element.IsLayer(known) || KnownTypes.Same(type, known.TensorModule) || KnownTypes.Same(type, known.Module)
        || Kind(type) is not null;
}
