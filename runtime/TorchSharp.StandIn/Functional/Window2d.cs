namespace TorchSharp.Ops;

/// <summary>The geometry of a sliding window over the two last dimensions.</summary>
internal sealed class Window2d
{
    public Window2d(long[] kernel, long[]? stride, long[]? padding, long[]? dilation, bool ceil, int height, int width)
    {
        (KernelY, KernelX) = Pair(kernel);
        (StrideY, StrideX) = stride is { Length: > 0 } ? Pair(stride) : (KernelY, KernelX);
        (PaddingY, PaddingX) = padding is { Length: > 0 } ? Pair(padding) : (0, 0);
        (DilationY, DilationX) = dilation is { Length: > 0 } ? Pair(dilation) : (1, 1);
        (Height, Width) = (height, width);
        OutHeight = Out(height, KernelY, StrideY, PaddingY, DilationY, ceil);
        OutWidth = Out(width, KernelX, StrideX, PaddingX, DilationX, ceil);
        if (OutHeight <= 0 || OutWidth <= 0)
            throw Shapes.Error($"Calculated output size ({OutHeight}x{OutWidth}) is too small for an input of {height}x{width} under a window of {KernelY}x{KernelX}");
    }

    public int KernelY { get; }

    public int KernelX { get; }

    public int StrideY { get; }

    public int StrideX { get; }

    public int PaddingY { get; }

    public int PaddingX { get; }

    public int DilationY { get; }

    public int DilationX { get; }

    public int Height { get; }

    public int Width { get; }

    public int OutHeight { get; }

    public int OutWidth { get; }

    public int OutSize => OutHeight * OutWidth;

    /// <summary>The columns of an image are the image itself.</summary>
    public bool IsPointwise => KernelY == 1 && KernelX == 1 && StrideY == 1 && StrideX == 1 && PaddingY == 0 && PaddingX == 0;

    /// <summary>Image [channels, H, W] to columns [channels · kh · kw, out positions]; zero where the window leaves the image.</summary>
    public void Unfold(ReadOnlySpan<float> image, int channels, Span<float> columns)
    {
        for (int row = 0; row < channels * KernelY * KernelX; row++)
        {
            (int channel, int ky, int kx) = Tap(row);
            ReadOnlySpan<float> plane = image.Slice(channel * Height * Width, Height * Width);
            (int from, int to) = Inside(kx);
            for (int oy = 0; oy < OutHeight; oy++)
            {
                Span<float> line = columns.Slice((row * OutSize) + (oy * OutWidth), OutWidth);
                int y = (oy * StrideY) - PaddingY + (ky * DilationY);
                if ((uint)y >= (uint)Height)
                {
                    line.Clear();
                    continue;
                }

                line[..from].Clear();
                line[to..].Clear();
                int x = (y * Width) + (from * StrideX) - PaddingX + (kx * DilationX);
                if (StrideX == 1)
                {
                    plane.Slice(x, to - from).CopyTo(line[from..]);
                    continue;
                }

                for (int ox = from; ox < to; ox++, x += StrideX)
                    line[ox] = plane[x];
            }
        }
    }

    /// <summary>Adds columns back to where <see cref="Unfold"/> read them.</summary>
    public void Fold(ReadOnlySpan<float> columns, int channels, Span<float> image)
    {
        for (int row = 0; row < channels * KernelY * KernelX; row++)
        {
            (int channel, int ky, int kx) = Tap(row);
            Span<float> plane = image.Slice(channel * Height * Width, Height * Width);
            (int from, int to) = Inside(kx);
            for (int oy = 0; oy < OutHeight; oy++)
            {
                int y = (oy * StrideY) - PaddingY + (ky * DilationY);
                if ((uint)y >= (uint)Height)
                    continue;
                ReadOnlySpan<float> line = columns.Slice((row * OutSize) + (oy * OutWidth), OutWidth);
                int x = (y * Width) + (from * StrideX) - PaddingX + (kx * DilationX);
                for (int ox = from; ox < to; ox++, x += StrideX)
                    plane[x] += line[ox];
            }
        }
    }

    private static (int Y, int X) Pair(long[] values) => ((int)values[0], (int)values[^1]);

    private static int Out(int size, int kernel, int stride, int padding, int dilation, bool ceil)
    {
        int room = size + (2 * padding) - (dilation * (kernel - 1)) - 1;
        if (room < 0)
            return 0;
        int count = ((room + (ceil ? stride - 1 : 0)) / stride) + 1;

        // The last window has to begin inside the image or its left padding.
        return ceil && (count - 1) * stride >= size + padding ? count - 1 : count;
    }

    private (int Channel, int Y, int X) Tap(int row) => (row / (KernelY * KernelX), row / KernelX % KernelY, row % KernelX);

    /// <summary>The output columns whose tap lies inside the image.</summary>
    private (int From, int To) Inside(int kx)
    {
        int shift = PaddingX - (kx * DilationX);
        int from = Math.Clamp((shift + StrideX - 1) / StrideX, 0, OutWidth);
        if (shift <= 0)
            from = 0;
        int last = Width - 1 + shift;
        int to = last < 0 ? from : Math.Clamp((last / StrideX) + 1, from, OutWidth);
        return (from, to);
    }
}
