namespace BiMaskGen.Tool.Building;

/// <summary>The codes of a build's messages; docs/build.md explains them. 001 is the task's.</summary>
internal static class BuildCodes
{
    /// <summary>The item in the project is wrong.</summary>
    public const string Item = "BIMASK002";

    /// <summary>The model cannot be read from the assembly.</summary>
    public const string Model = "BIMASK003";

    /// <summary>A file cannot be read or written.</summary>
    public const string File = "BIMASK004";

    /// <summary>The checkpoint lacks a key of the model.</summary>
    public const string MissingKey = "BIMASK005";

    /// <summary>A tensor has another shape than the layer.</summary>
    public const string Shape = "BIMASK006";

    /// <summary>A tensor has a type that cannot be pruned.</summary>
    public const string Type = "BIMASK007";

    /// <summary>A tensor holds a NaN or an infinity.</summary>
    public const string Value = "BIMASK008";

    /// <summary>Warning: the model has no member for a tensor.</summary>
    public const string Unused = "BIMASK009";

    /// <summary>Warning: what a member holds is known only at run time.</summary>
    public const string UnknownContent = "BIMASK010";
}
