using System.Linq;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Emission;

/// <summary>
/// Emits the redirection of calls, all classes' in one file. The file is thin because it is the only one with locations, and a location changes
/// with every edit of the file it points into. It is one file because each that declares the attribute makes the compiler look at all of them
/// wherever the attribute is used.
/// </summary>
internal static class InterceptorsFile
{
    public const string HintName = "Interceptors.g.cs";

    public static void Emit(SourceProductionContext output, EquatableArray<InterceptorsSpec> classes)
    {
        InterceptorsSpec[] withCalls = [.. classes.Where(static spec => spec.LayerCalls.Count + spec.PlainCalls.Count > 0)];
        if (withCalls.Length == 0)
        {
            return;
        }

        CodeWriter code = new();
        code.Blank();
        using (code.Open("namespace " + Names.Namespace))
        {
            Usings(code, withCalls);
            bool first = true;
            foreach (InterceptorsSpec spec in withCalls)
            {
                Separate(code, ref first);
                Class(code, spec);
            }
        }

        if (withCalls.Any(static spec => spec.LayerCalls.Count > 0))
        {
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

        code.AddTo(output, HintName);
    }

    // What would else stand in full at each site, in a file that the compiler reads anew after every edit.
    private static void Usings(CodeWriter code, InterceptorsSpec[] classes)
    {
        LayerCallSpec[] calls = [.. classes.SelectMany(static spec => spec.LayerCalls)];
        if (calls.Length == 0)
        {
            return;
        }

        code.Lines("using InterceptsLocation = global::System.Runtime.CompilerServices.InterceptsLocationAttribute;");
        if (calls.Any(static call => call.Receiver == Names.TensorModule))
        {
            code.Lines($"using Layer = {Names.TensorModule};");
        }

        code.Lines($"using Tensor = {Names.Tensor};");
        code.Blank();
    }

    private static void Class(CodeWriter code, InterceptorsSpec spec)
    {
        int redirected = spec.LayerCalls.Sum(static call => call.Sites.Count);
        code.Lines($"// {spec.DisplayName}: redirected {redirected} of {redirected + spec.PlainCalls.Count} calls.");
        foreach (PlainCallSpec plain in spec.PlainCalls)
        {
            code.Lines($"// Stays as it is: {plain.Member}.{plain.Verb} ({plain.Reason}).");
        }

        if (redirected > 0)
        {
            Interceptors(code, spec);
        }
    }

    private static void Interceptors(CodeWriter code, InterceptorsSpec spec)
    {
        code.Lines(Names.TypeAttributes);
        using CodeWriter.Block type = code.Open("file static class " + spec.ClassName);
        bool first = true;
        foreach (LayerCallSpec call in spec.LayerCalls)
        {
            Separate(code, ref first);
            string target = call.Verb == "call" ? "Call" : "CallForward";
            Sites(code, call.Sites);
            code.Lines(
                $"public static Tensor {call.Member}_{call.Verb}_{call.Activation}"
                + $"(this {(call.Receiver == Names.TensorModule ? "Layer" : call.Receiver)} layer, Tensor input)\n"
                + $"    => {call.FunctionName}.{target}(layer, input, Kernels.Activation.{call.Activation});");
        }

        foreach (ActivationCallSpec call in spec.ActivationCalls)
        {
            Separate(code, ref first);
            code.Lines("// The layer's call below it has applied the activation.");
            Sites(code, call.Sites);
            string parameters = string.Concat(call.ParameterTypes.Select(static (parameter, i) => $", {parameter} p{i}"));
            code.Lines($"public static Tensor {call.Name}({(call.IsInstance ? "this " : "")}Tensor x{parameters}) => x;");
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
            code.Lines($"[InterceptsLocation({site.Version}, {Names.Text(site.Data)})]");
        }
    }
}
