namespace BiMaskGen.Training;

/// <summary>
/// Sizes of one call of a convolution on an input <c>[batch, channels, height, width]</c>; along a row the height is 1. Zeros may be padded differently on
/// the two sides of an axis: those after the image follow from the size of the output.
/// </summary>
public sealed record ConvolutionGeometry
{
    /// <summary>Images.</summary>
    public required int Batch { get; init; }

    /// <summary>Rows of an image.</summary>
    public required int Height { get; init; }

    /// <summary>Entries of a row.</summary>
    public required int Width { get; init; }

    /// <summary>Rows of the output.</summary>
    public required int OutHeight { get; init; }

    /// <summary>Entries of a row of the output.</summary>
    public required int OutWidth { get; init; }

    /// <summary>Rows from one window to the next.</summary>
    public int StrideY { get; init; } = 1;

    /// <summary>Entries of a row from one window to the next.</summary>
    public int StrideX { get; init; } = 1;

    /// <summary>Rows from one tap of the kernel to the next.</summary>
    public int DilationY { get; init; } = 1;

    /// <summary>Entries of a row from one tap of the kernel to the next.</summary>
    public int DilationX { get; init; } = 1;

    /// <summary>Rows of zeros above an image.</summary>
    public int PadTop { get; init; }

    /// <summary>Zeros before a row.</summary>
    public int PadLeft { get; init; }

    /// <summary>Pixels of an image.</summary>
    public int Pixels => checked(Height * Width);

    /// <summary>Positions of the kernel over an image.</summary>
    public int Positions => checked(OutHeight * OutWidth);

    /// <summary>Positions over all images: rows of the product.</summary>
    public int Rows => checked(Batch * Positions);

    /// <summary>Outputs along an axis, as torch counts them; not above 0 where the kernel does not fit.</summary>
    /// <param name="size">Entries of the input along the axis.</param>
    /// <param name="kernel">Taps along it.</param>
    /// <param name="stride">Entries from one window to the next.</param>
    /// <param name="dilation">Entries from one tap to the next.</param>
    /// <param name="padding">Zeros before and after, together.</param>
    /// <returns>⌊(size + padding − dilation·(kernel − 1) − 1) / stride⌋ + 1.</returns>
    public static long Outputs(long size, long kernel, long stride, long dilation, long padding)
    {
        long room = size + padding - (dilation * (kernel - 1)) - 1;
        return room < 0 ? 0 : (room / stride) + 1;
    }

    /// <summary>Whether the windows of an image are its pixels.</summary>
    internal bool IsPointwise(ConvolutionColumns columns) =>
        columns.Taps == 1 && StrideY == 1 && StrideX == 1 && PadTop == 0 && PadLeft == 0 && OutHeight == Height && OutWidth == Width;
}
