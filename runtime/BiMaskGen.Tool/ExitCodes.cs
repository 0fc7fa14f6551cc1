namespace BiMaskGen.Tool;

/// <summary>What the command tells its caller; docs/cli.md lists them.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>A file, a model or the machine stood in the way; the message says which.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The work was done and the answer is no: <c>verify</c> or <c>gpu-check</c> found a difference.</summary>
    public const int Different = 3;

    /// <summary><c>gpu-check</c> found no GPU that it could use.</summary>
    public const int NoGpu = 4;

    /// <summary>Stopped by Ctrl+C, or by the build that had asked for it.</summary>
    public const int Cancelled = 130;
}
