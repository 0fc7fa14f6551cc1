using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace BiMaskGen.Analyzers.Shapes;

/// <summary>
/// The shapes that a constructor call decides by the constants it passes: <c>new Model(50)</c>, <c>: base(50)</c>, <c>: this(50)</c>. Follows
/// the arguments into the constructor and on through its own initializer, so a derived class's call reaches the layers of its base.
/// </summary>
internal sealed class CreationShapes
{
    // A constructor that leads back to itself is an error that is still being typed.
    private const int MaxChain = 16;

    private readonly Models _models;
    private readonly Compilation _compilation;
    private readonly SyntaxNode _site;
    private readonly Dictionary<IParameterSymbol, IArgumentOperation> _arguments = new(SymbolEqualityComparer.Default);
    private readonly List<LayerShape> _shapes = [];

    private CreationShapes(Models models, Compilation compilation, SyntaxNode site)
    {
        _models = models;
        _compilation = compilation;
        _site = site;
    }

    /// <summary>The shapes that are known because of this call; empty for a node that is no constructor call of an annotated class.</summary>
    public static IReadOnlyList<LayerShape> Of(SyntaxNode site, SemanticModel model, Models models, CancellationToken cancellation)
    {
        if (!IsCandidate(site, model, models, cancellation)
            || Call(model.GetOperation(site, cancellation)) is not ({ } constructor, { } arguments))
        {
            return [];
        }

        CreationShapes shapes = new(models, model.Compilation, site);
        IntegerReader integers = new(model.Compilation, cancellation);
        Bindings bindings = new();
        foreach (IArgumentOperation argument in arguments)
        {
            if (Parameter(constructor, argument) is { } parameter && integers.Read(argument.Value) is { } value)
            {
                shapes._arguments.Add(parameter, argument);
                bindings.All.Add(parameter, value);
                bindings.Origins.Add(parameter, [parameter]);
            }
        }

        if (bindings.All.Count > 0)
        {
            shapes.Follow(constructor, bindings, depth: 0, cancellation);
        }

        return shapes._shapes;
    }

    /// <summary>Whether the class whose constructor is called, or one of its bases, is annotated. Binds the type's name alone, not the code around it.</summary>
    private static bool IsCandidate(SyntaxNode site, SemanticModel model, Models models, CancellationToken cancellation)
    {
        ITypeSymbol? type = site switch
        {
            ObjectCreationExpressionSyntax creation =>
                model.GetSpeculativeTypeInfo(creation.SpanStart, creation.Type, SpeculativeBindingOption.BindAsTypeOrNamespace).Type,
            ImplicitObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: > 0 } => model.GetTypeInfo(site, cancellation).Type,
            ConstructorInitializerSyntax { Parent: { } constructor, RawKind: (int)SyntaxKind.ThisConstructorInitializer } => Declaring(constructor),
            ConstructorInitializerSyntax { Parent: { } constructor } => Declaring(constructor)?.BaseType,
            PrimaryConstructorBaseTypeSyntax { Parent.Parent: { } declaration } => (model.GetDeclaredSymbol(declaration, cancellation) as ITypeSymbol)?.BaseType,
            _ => null,
        };
        for (; type is INamedTypeSymbol named; type = type.BaseType)
        {
            if (models.Reading(named.OriginalDefinition, cancellation) is not null)
            {
                return true;
            }
        }

        return false;

        ITypeSymbol? Declaring(SyntaxNode constructor) => model.GetDeclaredSymbol(constructor, cancellation)?.ContainingType;
    }

    private static (IMethodSymbol? Constructor, IReadOnlyList<IArgumentOperation>? Arguments) Call(IOperation? operation) => operation switch
    {
        IObjectCreationOperation creation => (creation.Constructor?.OriginalDefinition, creation.Arguments),
        IInvocationOperation { TargetMethod.MethodKind: MethodKind.Constructor } call => (call.TargetMethod.OriginalDefinition, call.Arguments),
        IExpressionStatementOperation statement => Call(statement.Operation),
        _ => (null, null),
    };

    private static IParameterSymbol? Parameter(IMethodSymbol constructor, IArgumentOperation argument) =>
        argument.Parameter is { Ordinal: var ordinal } && ordinal < constructor.Parameters.Length ? constructor.Parameters[ordinal] : null;

    private void Follow(IMethodSymbol constructor, Bindings bindings, int depth, CancellationToken cancellation)
    {
        if (constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is not { } declaration || depth > MaxChain)
        {
            return;
        }

        if (_models.Reading(constructor.ContainingType, cancellation) is { } reading)
        {
            AddShapes(reading, declaration, bindings, cancellation);
        }

        SyntaxNode? initializer = declaration switch
        {
            ConstructorDeclarationSyntax written => written.Initializer,
            TypeDeclarationSyntax type => type.BaseList?.Types.OfType<PrimaryConstructorBaseTypeSyntax>().FirstOrDefault(),
            _ => null,
        };
        if (initializer is not null
            && Call(SemanticModels.Of(_compilation, initializer.SyntaxTree).GetOperation(initializer, cancellation)) is ({ } next, { } arguments))
        {
            Follow(next, bindings.Pass(next, arguments, new IntegerReader(_compilation, cancellation)), depth + 1, cancellation);
        }
    }

    private void AddShapes(ModelReading reading, SyntaxNode constructor, Bindings bindings, CancellationToken cancellation)
    {
        LinearFactory factory = reading.Factory(cancellation);
        foreach (ReadMember layer in reading.SparseLayers)
        {
            foreach (ContainerElement made in layer.Layers(reading.Known)?.Where(value => !IsInAnotherConstructor(value.Value, constructor)) ?? [])
            {
                foreach (LinearCall call in factory.Branches(made.Value).OfType<LinearCall>())
                {
                    Feature? inFeatures = Feature(call.InFeatures, bindings, cancellation), outFeatures = Feature(call.OutFeatures, bindings, cancellation);
                    Feature?[] decided = [.. new[] { inFeatures, outFeatures }.Where(static feature => feature is { IsDecidedHere: true })];
                    if (decided.Length > 0)
                    {
                        bool one = decided.Select(static feature => feature!.Location).Distinct().Count() == 1;
                        _shapes.Add(new LayerShape(layer, made, inFeatures, outFeatures, one ? decided[0]!.Location : _site.GetLocation())
                        {
                            Taps = call.Taps,
                        });
                    }
                }
            }
        }
    }

    private static bool IsInAnotherConstructor(AssignedValue value, SyntaxNode constructor) =>
        value.Expression?.FirstAncestorOrSelf<ConstructorDeclarationSyntax>() is { } around && around != constructor;

    private Feature? Feature(FeatureCount count, Bindings bindings, CancellationToken cancellation)
    {
        if (count.Constant is { } constant)
        {
            return Features.IsOne(constant) ? new Feature(constant, IsDecidedHere: false, count.Syntax.GetLocation(), FindSource: null) : null;
        }

        return count.Operation(cancellation) is { } operation ? Feature(operation, bindings, cancellation) : null;
    }

    private Feature? Feature(IOperation operation, Bindings bindings, CancellationToken cancellation)
    {
        IntegerReader integers = new(_compilation, cancellation);
        HashSet<ISymbol> used = new(SymbolEqualityComparer.Default);
        if (integers.Read(operation, bindings.All, used) is not { } value || !Features.IsOne(value))
        {
            return null;
        }

        if (integers.Read(operation, bindings.WithoutSite) is not null)
        {
            return new Feature(value, IsDecidedHere: false, operation.Syntax.GetLocation(), FindSource: null);
        }

        IParameterSymbol[] parameters = bindings.OriginsOf(used);
        IArgumentOperation? argument = parameters.Length == 1 ? _arguments[parameters[0]] : null;
        bool written = argument is { ArgumentKind: ArgumentKind.Explicit };
        return new Feature(
            value,
            IsDecidedHere: true,
            written ? argument!.Value.Syntax.GetLocation() : _site.GetLocation(),
            written && used.Count == 1 ? () => Source(operation, argument!, (IParameterSymbol)used.Single(), bindings, integers) : null);
    }

    /// <summary>The number that the argument passes on, if the constructor hands it on as it is.</summary>
    private SourceNumber? Source(IOperation feature, IArgumentOperation argument, IParameterSymbol parameter, Bindings bindings, IntegerReader integers)
    {
        if (integers.Literal(argument.Value) is not { } literal
            || integers.Read(argument.Value) is not { } value
            || !bindings.All.TryGetValue(parameter, out long passed) || passed != value)
        {
            return null;
        }

        Compilation compilation = _compilation;
        return new SourceNumber(
            literal.GetLocation(),
            value,
            (number, cancellation) => new IntegerReader(compilation, cancellation).Read(feature, bindings.With(parameter, number)));
    }

    /// <summary>What is known of the parameters of one constructor in the chain.</summary>
    private sealed class Bindings
    {
        /// <summary>By the call's arguments.</summary>
        public Dictionary<ISymbol, long> All { get; } = new(SymbolEqualityComparer.Default);

        /// <summary>Without them: what an initializer on the way says by itself, which is reported there.</summary>
        public Dictionary<ISymbol, long> WithoutSite { get; } = new(SymbolEqualityComparer.Default);

        /// <summary>The call's parameters that a parameter's value comes from.</summary>
        public Dictionary<ISymbol, IParameterSymbol[]> Origins { get; } = new(SymbolEqualityComparer.Default);

        public IParameterSymbol[] OriginsOf(IEnumerable<ISymbol> parameters) => [.. parameters
            .SelectMany(parameter => Origins.TryGetValue(parameter, out IParameterSymbol[]? origins) ? origins : [])
            .Distinct(SymbolEqualityComparer.Default).Cast<IParameterSymbol>()];

        public Dictionary<ISymbol, long> With(IParameterSymbol parameter, long value) =>
            new(All, SymbolEqualityComparer.Default) { [parameter] = value };

        /// <summary>What the next constructor in the chain gets.</summary>
        public Bindings Pass(IMethodSymbol next, IEnumerable<IArgumentOperation> arguments, IntegerReader integers)
        {
            Bindings passed = new();
            foreach (IArgumentOperation argument in arguments)
            {
                HashSet<ISymbol> used = new(SymbolEqualityComparer.Default);
                if (Parameter(next, argument) is { } parameter && integers.Read(argument.Value, All, used) is { } value)
                {
                    passed.All[parameter] = value;
                    passed.Origins[parameter] = OriginsOf(used);
                    if (integers.Read(argument.Value, WithoutSite) is { } alone)
                    {
                        passed.WithoutSite[parameter] = alone;
                    }
                }
            }

            return passed;
        }
    }
}
