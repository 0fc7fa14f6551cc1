namespace BiMaskGen.Patterns;

/// <summary>The pattern 1:2.</summary>
public readonly struct Pattern1x2 : INMPattern
{
    /// <inheritdoc/>
    public static int N => 1;

    /// <inheritdoc/>
    public static int M => 2;
}

/// <summary>The pattern 1:4.</summary>
public readonly struct Pattern1x4 : INMPattern
{
    /// <inheritdoc/>
    public static int N => 1;

    /// <inheritdoc/>
    public static int M => 4;
}

/// <summary>The pattern 2:4.</summary>
public readonly struct Pattern2x4 : INMPattern
{
    /// <inheritdoc/>
    public static int N => 2;

    /// <inheritdoc/>
    public static int M => 4;
}

/// <summary>The pattern 1:8.</summary>
public readonly struct Pattern1x8 : INMPattern
{
    /// <inheritdoc/>
    public static int N => 1;

    /// <inheritdoc/>
    public static int M => 8;
}

/// <summary>The pattern 2:8.</summary>
public readonly struct Pattern2x8 : INMPattern
{
    /// <inheritdoc/>
    public static int N => 2;

    /// <inheritdoc/>
    public static int M => 8;
}

/// <summary>The pattern 4:8.</summary>
public readonly struct Pattern4x8 : INMPattern
{
    /// <inheritdoc/>
    public static int N => 4;

    /// <inheritdoc/>
    public static int M => 8;
}

/// <summary>The pattern 1:16.</summary>
public readonly struct Pattern1x16 : INMPattern
{
    /// <inheritdoc/>
    public static int N => 1;

    /// <inheritdoc/>
    public static int M => 16;
}

/// <summary>The pattern 2:16.</summary>
public readonly struct Pattern2x16 : INMPattern
{
    /// <inheritdoc/>
    public static int N => 2;

    /// <inheritdoc/>
    public static int M => 16;
}

/// <summary>The pattern 1:32.</summary>
public readonly struct Pattern1x32 : INMPattern
{
    /// <inheritdoc/>
    public static int N => 1;

    /// <inheritdoc/>
    public static int M => 32;
}
