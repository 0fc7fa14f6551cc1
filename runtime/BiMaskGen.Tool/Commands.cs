using System.CommandLine;
using BiMaskGen.Tool.Verbs;

namespace BiMaskGen.Tool;

/// <summary>The verbs of the command.</summary>
internal static class Commands
{
    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors go.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        ParseResult parsed = Create().Parse(arguments);
        int code = parsed.Invoke(new InvocationConfiguration { Output = output, Error = error });

        // Of a wrong command line the parser says 1, as others say of work that failed.
        return parsed.Errors.Count > 0 && parsed.Action is System.CommandLine.Invocation.ParseErrorAction ? ExitCodes.Usage : code;
    }

    public static RootCommand Create() => new("N:M sparsity for checkpoints. Exit codes: 0 done, 1 failed, 2 wrong command line, 3 verify or gpu-check found a difference, 4 no usable GPU, 130 cancelled.")
    {
        SparsifyVerb.Create(),
        DensifyVerb.Create(),
        InspectVerb.Create(),
        ConvertVerb.Create(),
        VerifyVerb.Create(),
        DoctorVerb.Create(),
        BenchVerb.Create(),
        GpuCheckVerb.Create(),
        CompletionVerb.Create(),
        Building.BuildVerb.Create(),
    };
}
