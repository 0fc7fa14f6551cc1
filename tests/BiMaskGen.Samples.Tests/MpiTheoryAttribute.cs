namespace BiMaskGen.Samples.Tests;

/// <summary>A test that is skipped, with the reason, where no mpirun is on the path.</summary>
public sealed class MpiTheoryAttribute : TheoryAttribute
{
    public MpiTheoryAttribute()
    {
        if (Mpirun is null)
        {
            Skip = "No mpirun on the path (Debian: openmpi-bin, libopenmpi-dev).";
        }
    }

    /// <summary>The launcher, or null.</summary>
    internal static string? Mpirun { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "mpirun")).FirstOrDefault(File.Exists);
}
