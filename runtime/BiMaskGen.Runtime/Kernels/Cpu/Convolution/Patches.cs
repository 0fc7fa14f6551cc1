using System.Numerics;
using BiMaskGen.Training;

namespace BiMaskGen.Kernels.Cpu;

// The image's channels lie side by side already, so what a row of the kernel sees is one run of memory (without dilation) and a patch is kh copies. In the
// other direction every image row gathers from the patches that saw it: no two tasks write one row, and the order of the additions does not
// depend on threads. Groups along (in_channels, kh, kw) want a patch transposed; it is made by taps in a buffer of the thread and turned as it is stored.

/// <summary>What the windows of a convolution see, one row each: [batch·positions, columns].</summary>
internal static unsafe class Patches
{
    /// <summary>Copies what each window sees; zero where it leaves the image.</summary>
    /// <param name="pixels">[batch·height·width, padded channels].</param>
    /// <param name="batch">Images.</param>
    /// <param name="geometry">Their sizes.</param>
    /// <param name="columns">The order of the columns.</param>
    /// <param name="patches">[batch·positions, columns], written.</param>
    internal static void Unfold(float* pixels, int batch, ConvolutionGeometry geometry, ConvolutionColumns columns, float* patches) =>
        CpuPool.For(checked(batch * geometry.OutHeight), new UnfoldBody { Shape = new Shape(geometry, columns), Pixels = pixels, Patches = patches });

    /// <summary>Adds each entry of the patches to the pixel that it was copied from.</summary>
    /// <param name="patches">[batch·positions, columns].</param>
    /// <param name="batch">Images.</param>
    /// <param name="geometry">Their sizes.</param>
    /// <param name="columns">The order of the columns.</param>
    /// <param name="pixels">[batch·height·width, padded channels], written.</param>
    internal static void Fold(float* patches, int batch, ConvolutionGeometry geometry, ConvolutionColumns columns, float* pixels) =>
        CpuPool.For(checked(batch * geometry.Height), new FoldBody { Shape = new Shape(geometry, columns), Pixels = pixels, Patches = patches });

    /// <summary>The numbers that both directions use.</summary>
    private readonly struct Shape(ConvolutionGeometry geometry, ConvolutionColumns columns)
    {
        public readonly int Height = geometry.Height, Width = geometry.Width, OutHeight = geometry.OutHeight, OutWidth = geometry.OutWidth;
        public readonly int KernelHeight = columns.KernelHeight, KernelWidth = columns.KernelWidth, Channels = columns.PaddedChannels;
        public readonly int Columns = columns.Count, Taps = columns.Taps;
        public readonly bool IsFlattened = columns.Grouping == ConvGrouping.Flattened && columns.Taps > 1;
        public readonly bool HasRuns = geometry.DilationX == 1;
        public readonly WindowTaps Y = new(geometry.Height, geometry.OutHeight, geometry.StrideY, geometry.DilationY, geometry.PadTop);
        public readonly WindowTaps X = new(geometry.Width, geometry.OutWidth, geometry.StrideX, geometry.DilationX, geometry.PadLeft);

        public nint Pixel(int image, int y, int x) => ((((((nint)image * Height) + y) * Width) + x) * Channels);

        public nint Patch(int image, int y, int x) => ((((((nint)image * OutHeight) + y) * OutWidth) + x) * Columns);
    }

    private struct UnfoldBody : IRangeBody
    {
        public Shape Shape;
        public float* Pixels;
        public float* Patches;

        public readonly void Invoke(int index)
        {
            int image = index / Shape.OutHeight, y = index % Shape.OutHeight;
            float* turned = Shape.IsFlattened ? Scratch.Rent(Scratch.Buffer.PatchRow, Shape.Columns) : null;
            for (int x = 0; x < Shape.OutWidth; x++)
            {
                float* patch = Patches + Shape.Patch(image, y, x);
                Copy(image, y, x, Shape.IsFlattened ? turned : patch);
                if (Shape.IsFlattened)
                {
                    Transposition.Run(turned, Shape.Channels, Shape.Taps, Shape.Channels, patch, Shape.Taps);
                }
            }
        }

        private readonly void Copy(int image, int y, int x, float* patch)
        {
            int run = Shape.KernelWidth * Shape.Channels, first = Shape.X.At(x, 0);
            bool whole = Shape.HasRuns && first >= 0 && first + Shape.KernelWidth <= Shape.Width;
            for (int ky = 0; ky < Shape.KernelHeight; ky++, patch += run)
            {
                int row = Shape.Y.At(y, ky);
                if (!Shape.Y.IsInside(y, ky))
                {
                    new Span<float>(patch, run).Clear();
                }
                else if (whole)
                {
                    new Span<float>(Pixels + Shape.Pixel(image, row, first), run).CopyTo(new Span<float>(patch, run));
                }
                else
                {
                    CopyTaps(image, row, x, patch);
                }
            }
        }

        private readonly void CopyTaps(int image, int row, int x, float* patch)
        {
            for (int kx = 0; kx < Shape.KernelWidth; kx++)
            {
                Span<float> tap = new(patch + ((nint)kx * Shape.Channels), Shape.Channels);
                if (Shape.X.IsInside(x, kx))
                {
                    new Span<float>(Pixels + Shape.Pixel(image, row, Shape.X.At(x, kx)), Shape.Channels).CopyTo(tap);
                }
                else
                {
                    tap.Clear();
                }
            }
        }
    }

    private struct FoldBody : IRangeBody
    {
        public Shape Shape;
        public float* Pixels;
        public float* Patches;

        public readonly void Invoke(int index)
        {
            int image = index / Shape.Height, row = index % Shape.Height;
            float* pixels = Pixels + Shape.Pixel(image, row, 0);
            new Span<float>(pixels, Shape.Width * Shape.Channels).Clear();
            for (int ky = 0; ky < Shape.KernelHeight; ky++)
            {
                int y = Shape.Y.Window(row, ky);
                for (int x = 0; y >= 0 && x < Shape.OutWidth; x++)
                {
                    Add(Patches + Shape.Patch(image, y, x), ky, x, pixels);
                }
            }
        }

        private readonly void Add(float* patch, int ky, int x, float* pixels)
        {
            for (int kx = 0; kx < Shape.KernelWidth; kx++)
            {
                if (!Shape.X.IsInside(x, kx))
                {
                    continue;
                }

                float* pixel = pixels + ((nint)Shape.X.At(x, kx) * Shape.Channels);
                int tap = (ky * Shape.KernelWidth) + kx;
                if (Shape.IsFlattened)
                {
                    AddStrided(patch + tap, pixel);
                }
                else
                {
                    AddRun(patch + ((nint)tap * Shape.Channels), pixel);
                }
            }
        }

        private readonly void AddRun(float* entry, float* pixel)
        {
            int c = 0;
            for (; c <= Shape.Channels - Vector<float>.Count; c += Vector<float>.Count)
            {
                (Vector.Load(pixel + c) + Vector.Load(entry + c)).Store(pixel + c);
            }

            for (; c < Shape.Channels; c++)
            {
                pixel[c] += entry[c];
            }
        }

        private readonly void AddStrided(float* entry, float* pixel)
        {
            for (int c = 0; c < Shape.Channels; c++, entry += Shape.Taps)
            {
                pixel[c] += *entry;
            }
        }
    }
}
