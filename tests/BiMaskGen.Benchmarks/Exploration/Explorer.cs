using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace BiMaskGen.Benchmarks.Exploration;

/// <summary>Hands the benchmarks of this assembly to BenchmarkDotNet.</summary>
internal static class Explorer
{
    internal static int Run(string[] arguments)
    {
        // In this process: a generated project would not find its way through the artifacts output.
        IConfig config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
        BenchmarkSwitcher.FromAssembly(typeof(Explorer).Assembly).Run(arguments, config);
        return 0;
    }
}
