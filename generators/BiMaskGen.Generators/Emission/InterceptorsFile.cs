using System.Linq;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Emission;

/// <summary>
/// Emits the redirection of a class's calls. The file is thin because it is the only one with locations, and a location changes
/// with every edit of the file it points into.
/// </summary>
internal static class InterceptorsFile
{
    public static void Emit(SourceProductionContext output, InterceptorsSpec spec)
    {
        int redirected = spec.LayerCalls.Sum(static call => call.Sites.Count);
        int total = redirected + spec.PlainCalls.Count;
        if (total == 0)
        {
            return;
        }

        CodeWriter code = new();
        code.Lines($"// {spec.DisplayName}: redirected {redirected} of {total} calls.");
        foreach (PlainCallSpec plain in spec.PlainCalls)
        {
            code.Lines($"// Stays as it is: {plain.Member}.{plain.Verb} ({plain.Reason}).");
        }

        if (redirected > 0)
        {
            Interceptors(code, spec);
            code.Lines("""

                namespace System.Runtime.CompilerServices
                {
                    [global::System.AttributeUsage(global::System.AttributeTargets.Method, AllowMultiple = true)]
                    file sealed class InterceptsLocationAttribute : global::System.Attribute
                    {
                        public InterceptsLocationAttribute(int version, string data)
                        {
                        }
                    }
                }
                """);
        }

        code.AddTo(output, spec.HintName + ".Interceptors.g.cs");
    }

    private static void Interceptors(CodeWriter code, InterceptorsSpec spec)
    {
        code.Blank();
        using CodeWriter.Block space = code.Open("namespace " + Names.Namespace);
        code.Lines(Names.TypeAttributes);
        using CodeWriter.Block type = code.Open("file static class " + spec.ClassName);
        bool first = true;
        foreach (LayerCallSpec call in spec.LayerCalls)
        {
            Separate(code, ref first);
            string target = call.Verb == "call" ? "Call" : "CallForward";
            Sites(code, call.Sites);
            code.Lines(
                $"public static {Names.Tensor} {call.Member}_{call.Verb}_{call.Activation}"
                + $"(this {call.Receiver} layer, {Names.Tensor} input)\n"
                + $"    => {call.FunctionName}.{target}(layer, input, {Names.Activation}.{call.Activation});");
        }

        foreach (ActivationCallSpec call in spec.ActivationCalls)
        {
            Separate(code, ref first);
            code.Lines("// The layer's call below it has applied the activation.");
            Sites(code, call.Sites);
            string parameters = string.Concat(call.ParameterTypes.Select(static (parameter, i) => $", {parameter} p{i}"));
            code.Lines($"public static {Names.Tensor} {call.Name}({(call.IsInstance ? "this " : "")}{Names.Tensor} x{parameters}) => x;");
        }
    }

    private static void Separate(CodeWriter code, ref bool first)
    {
        if (!first)
        {
            code.Blank();
        }

        first = false;
    }

    private static void Sites(CodeWriter code, EquatableArray<CallSite> sites)
    {
        foreach (CallSite site in sites)
        {
            code.Lines($"[global::System.Runtime.CompilerServices.InterceptsLocation({site.Version}, {Names.Text(site.Data)})]");
        }
    }
}
