using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Emission;

/// <summary>Emits a type for each pattern that the runtime has none for, so that the JIT specialises its kernels all the same.</summary>
internal static class PatternsFile
{
    public static void Emit(SourceProductionContext output, EquatableArray<PatternSpec> patterns)
    {
        if (patterns.Count == 0)
        {
            return;
        }

        CodeWriter code = new();
        code.Blank();
        code.Lines($"namespace {Names.Namespace};");
        foreach (PatternSpec pattern in patterns)
        {
            code.Blank();
            code.Lines(Names.TypeAttributes);
            using CodeWriter.Block type = code.Open($"internal readonly struct {pattern.TypeName} : global::BiMaskGen.INMPattern");
            code.Lines($"""
                public static int N => {pattern.N};

                public static int M => {pattern.M};
                """);
        }

        code.AddTo(output, "Patterns.g.cs");
    }
}
