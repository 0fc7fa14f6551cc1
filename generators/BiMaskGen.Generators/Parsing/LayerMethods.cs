using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Parsing;

/// <summary>The methods of torch's types by their names, where no argument could choose another one. Each is looked for once in a compilation.</summary>
internal sealed class LayerMethods(KnownTypes known)
{
    private readonly ConcurrentDictionary<string, IMethodSymbol?> _ofLinear = new(), _ofConv1d = new(), _ofConv2d = new(), _ofModule = new(), _ofSequential = new(), _ofTensor = new();

    /// <summary>What <c>layer.call(x)</c> calls, or forward, on a member of a layer's type; null on any other.</summary>
    public IMethodSymbol? Call(ITypeSymbol? type, string verb) =>
        KnownTypes.Same(type, known.Linear) ? Get(_ofLinear, known.Linear, verb, arguments: 1)
        : KnownTypes.Same(type, known.Conv1d) ? Get(_ofConv1d, known.Conv1d!, verb, arguments: 1)
        : KnownTypes.Same(type, known.Conv2d) ? Get(_ofConv2d, known.Conv2d!, verb, arguments: 1)
        : KnownTypes.Same(type, known.TensorModule) ? Get(_ofModule, known.TensorModule, verb, arguments: 1)
        : ContainerReader.Kind(type) == ContainerReader.Sequential ? Get(_ofSequential, type!, verb, arguments: 1)
        : null;

    /// <summary>What <c>tensor.relu()</c> calls.</summary>
    public IMethodSymbol? OfTensor(string name) => Get(_ofTensor, known.Tensor, name, arguments: 0);

    private static IMethodSymbol? Get(ConcurrentDictionary<string, IMethodSymbol?> table, ITypeSymbol type, string name, int arguments) =>
        table.GetOrAdd(name, key => Only(type, key, arguments));

    /// <summary>The instance method that takes so many arguments, if there is but one; an extension method never comes before it.</summary>
    private static IMethodSymbol? Only(ITypeSymbol type, string name, int arguments)
    {
        IMethodSymbol? found = null;
        HashSet<ISymbol> overridden = new(SymbolEqualityComparer.Default);
        for (ITypeSymbol? t = type; t is not null; t = t.BaseType)
        {
            foreach (ISymbol member in t.GetMembers(name))
            {
                if (member is not IMethodSymbol { IsStatic: false, IsGenericMethod: false } method)
                {
                    return null;
                }

                if (method.OverriddenMethod is { } original)
                {
                    overridden.Add(original);
                }

                if (!overridden.Contains(method) && Takes(method, arguments))
                {
                    if (found is not null || method.DeclaredAccessibility != Accessibility.Public)
                    {
                        return null;
                    }

                    found = method;
                }
            }
        }

        return found;
    }

    private static bool Takes(IMethodSymbol method, int arguments) =>
        method.Parameters.Length >= arguments
        && method.Parameters.Skip(arguments).All(static parameter => parameter.HasExplicitDefaultValue || parameter.IsParams);
}
