using System;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Parsing;

/// <summary>
/// What a file means, but for where nulls flow: nothing here asks that, and a model that would answer it binds a whole member for each question about
/// one of its statements.
/// </summary>
internal static class SemanticModels
{
    public static SemanticModel Of(Compilation compilation, SyntaxTree tree)
    {
        try
        {
            return WithoutNullability(compilation, tree);
        }
        catch (MissingMethodException)
        {
            return compilation.GetSemanticModel(tree);
        }
    }

    // Apart, because the API is experimental: a compiler that lacks it fails where this method is compiled.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SemanticModel WithoutNullability(Compilation compilation, SyntaxTree tree) =>
        compilation.GetSemanticModel(tree, SemanticModelOptions.DisableNullableAnalysis);
}
