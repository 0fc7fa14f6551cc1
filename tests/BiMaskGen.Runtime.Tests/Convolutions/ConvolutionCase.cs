using BiMaskGen.Training;

namespace BiMaskGen.Runtime.Tests.Convolutions;

/// <summary>A convolution by its sizes, and its sums written out: entry by entry, in double precision.</summary>
internal sealed record ConvolutionCase(int Batch, int Channels, int Out, int Height, int Width, int KernelHeight, int KernelWidth)
{
    public int StrideY { get; init; } = 1;

    public int StrideX { get; init; } = 1;

    public int DilationY { get; init; } = 1;

    public int DilationX { get; init; } = 1;

    public int Top { get; init; }

    public int Left { get; init; }

    /// <summary>Zeros after the image beyond those before it.</summary>
    public int Extra { get; init; }

    /// <summary>Shapes with everything that can go wrong at an edge; each once by itself, then together.</summary>
    public static ConvolutionCase[] All =>
    [
        new(2, 8, 12, 5, 6, 3, 3) { Top = 1, Left = 1 },
        new(1, 8, 8, 4, 4, 1, 1),
        new(3, 7, 9, 5, 4, 1, 1) { StrideY = 2, StrideX = 2 },
        new(2, 8, 5, 4, 3, 1, 1) { Top = 1, Left = 2 },
        new(2, 6, 8, 7, 6, 3, 2) { StrideY = 2, Left = 1 },
        new(1, 5, 8, 9, 8, 2, 3) { DilationY = 3, DilationX = 2, Top = 2, Left = 3 },
        new(2, 3, 8, 8, 8, 3, 3) { Top = 1, Left = 1 },
        new(2, 1, 8, 6, 6, 3, 3) { StrideX = 2, Top = 1, Left = 1 },
        new(2, 17, 33, 5, 5, 3, 3) { Top = 1, Left = 1 },
        new(2, 12, 8, 1, 11, 1, 4) { Left = 1, Extra = 1 },
        new(1, 9, 6, 1, 13, 1, 5) { StrideX = 3, DilationX = 2, Left = 4 },
        new(1, 4, 4, 3, 3, 5, 5) { Top = 3, Left = 3, StrideY = 2 },
        new(1, 40, 16, 12, 10, 3, 3) { Top = 1, Left = 1 },
    ];

    public int Taps => KernelHeight * KernelWidth;

    public ConvolutionGeometry Geometry => new()
    {
        Batch = Batch,
        Height = Height,
        Width = Width,
        OutHeight = (int)ConvolutionGeometry.Outputs(Height, KernelHeight, StrideY, DilationY, (2 * Top) + (Height > 1 ? Extra : 0)),
        OutWidth = (int)ConvolutionGeometry.Outputs(Width, KernelWidth, StrideX, DilationX, (2 * Left) + Extra),
        StrideY = StrideY,
        StrideX = StrideX,
        DilationY = DilationY,
        DilationX = DilationX,
        PadTop = Top,
        PadLeft = Left,
    };

    public int InputSize => Batch * Channels * Height * Width;

    public int OutputSize => Geometry.Rows * Out;

    public int WeightSize => Out * Channels * Taps;

    /// <summary>Calls back for every product of an input, a weight and an output: their places.</summary>
    public void ForEach(Action<int, int, int> product)
    {
        ConvolutionGeometry g = Geometry;
        for (int b = 0; b < Batch; b++)
        {
            for (int o = 0; o < Out; o++)
            {
                for (int i = 0; i < g.OutHeight; i++)
                {
                    for (int j = 0; j < g.OutWidth; j++)
                    {
                        int y = (((((b * Out) + o) * g.OutHeight) + i) * g.OutWidth) + j;
                        ForEachInput(b, i, j, (x, w) => product(x, (o * Channels * Taps) + w, y));
                    }
                }
            }
        }
    }

    private void ForEachInput(int b, int i, int j, Action<int, int> product)
    {
        for (int c = 0; c < Channels; c++)
        {
            for (int u = 0; u < KernelHeight; u++)
            {
                for (int v = 0; v < KernelWidth; v++)
                {
                    (int r, int s) = ((i * StrideY) - Top + (u * DilationY), (j * StrideX) - Left + (v * DilationX));
                    if (r >= 0 && r < Height && s >= 0 && s < Width)
                    {
                        product((((((b * Channels) + c) * Height) + r) * Width) + s, (((c * KernelHeight) + u) * KernelWidth) + v);
                    }
                }
            }
        }
    }
}
