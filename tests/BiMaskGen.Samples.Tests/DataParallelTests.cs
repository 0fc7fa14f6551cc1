using System.Diagnostics;

namespace BiMaskGen.Samples.Tests;

/// <summary>samples/DataParallel as a user starts it.</summary>
public sealed class DataParallelTests
{
    // A rank that waits for a dead one would wait for ever; what ends at all ends within seconds.
    private static readonly TimeSpan s_hang = TimeSpan.FromMinutes(5);

    private static readonly string s_program = BuiltFiles.Of("DataParallel", "DataParallel.dll");

    [Fact]
    public void Without_mpirun_it_is_one_process()
    {
        ProcessResult run = Processes.Run(Path.GetTempPath(), "dotnet", s_program, "--steps", "3", "--check").Succeeded();
        Assert.Contains("3 steps on 1 process:", run.Output, StringComparison.Ordinal);
    }

    [MpiTheory]
    [InlineData(2)]
    [InlineData(4)]
    public void Processes_agree_with_one_on_the_joined_batch(int processes)
    {
        ProcessResult run = Mpirun(processes, "--steps", "12", "--check").Succeeded();
        Assert.Contains($"12 steps on {processes} processes: weights, masks and permutations agree.", run.Output, StringComparison.Ordinal);
        Assert.Matches("One process on the joined batch: 12 steps, [1-9]\\d* permutations found alike", run.Output);
    }

    [MpiTheory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_rank_that_dies_ends_the_run_with_an_error(int rank)
    {
        ProcessResult run = Mpirun(2, "--steps", "100000", "--fail-rank", $"{rank}", "--fail-step", "2");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($"Rank {rank} dies at step 2", run.Error, StringComparison.Ordinal);
    }

    [MpiTheory]
    [InlineData(3, 64)]
    public void A_batch_that_cannot_be_shared_out_is_refused(int processes, int batch)
    {
        ProcessResult run = Mpirun(processes, "--batch", $"{batch}");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($"A batch of {batch} rows cannot be shared out evenly over {processes} ranks", run.Error, StringComparison.Ordinal);
    }

    private static ProcessResult Mpirun(int processes, params string[] arguments)
    {
        // As root and on fewer cores than ranks Open MPI wants to be asked.
        using Process process = Processes.Start(
            Path.GetTempPath(), MpiTheoryAttribute.Mpirun!, ["--allow-run-as-root", "--oversubscribe", "-np", $"{processes}", "dotnet", s_program, .. arguments]);
        process.StandardInput.Close();
        using Timer hang = new(_ => process.Kill(entireProcessTree: true), null, s_hang, Timeout.InfiniteTimeSpan);
        return Processes.End(process);
    }
}
