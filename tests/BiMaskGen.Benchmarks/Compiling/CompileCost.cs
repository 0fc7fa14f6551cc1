namespace BiMaskGen.Benchmarks.Compiling;

/// <summary>
/// Times what a build waits for: the SDK's own compiler on a project of annotated modules, in turns with and without what is ours. Rules that say
/// nothing above information are not run by a build, so they are not in it; <see cref="Breakdown"/> has them.
/// </summary>
internal sealed class CompileCost(SdkCompiler compiler, ProjectFolder project)
{
    /// <summary>Until the server has compiled itself, by tiers.</summary>
    private const int WarmUp = 6;

    /// <summary>In a server that has compiled before, as builds after the first find it; less what its client takes.</summary>
    /// <exception cref="InvalidDataException">The project does not compile.</exception>
    internal CompilerTimes Warm(int rounds)
    {
        compiler.Warm(project.Emitting);
        string emitted = project.Emitted, usualEmitted = project.UsualEmitted;
        List<CompilerTimes> times = [];
        for (int round = -WarmUp; round < rounds; round++)
        {
            Cost client = compiler.Client();
            CompilerTimes time = new(
                compiler.Warm(project.Plain) - client,
                compiler.Warm(emitted) - client,
                compiler.Warm(project.Generator) - client,
                compiler.Warm(project.Silent) - client,
                compiler.Warm(project.All) - client,
                compiler.Warm(usualEmitted) - client,
                compiler.Warm(project.UsualAll) - client);
            if (round >= 0)
            {
                times.Add(time);
            }
        }

        return CompilerTimes.Median(times);
    }

    /// <summary>In a new process each time: all code is compiled just in time, ours and the compiler's.</summary>
    internal CompilerTimes Cold(int rounds)
    {
        string emitted = project.Emitted, usualEmitted = project.UsualEmitted;
        List<CompilerTimes> times = [];
        for (int round = 0; round < rounds; round++)
        {
            times.Add(new CompilerTimes(
                compiler.Cold(project.Plain),
                compiler.Cold(emitted),
                compiler.Cold(project.Generator),
                compiler.Cold(project.Silent),
                compiler.Cold(project.All),
                compiler.Cold(usualEmitted),
                compiler.Cold(project.UsualAll)));
        }

        return CompilerTimes.Median(times);
    }
}
