using BiMaskGen.Kernels.Cpu;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Kernels;

[Collection(KernelSettings.Name)]
public sealed unsafe class TranspositionTests
{
    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void EveryBlockIsTransposedAndNothingElse(int bits) => KernelSettings.With(bits, 1, () =>
    {
        for (int rows = 0; rows <= 36; rows++)
        {
            for (int columns = 0; columns <= 36; columns++)
            {
                const int sourceStride = 40, destinationStride = 39;
                float[] source = Data.Random(rows * sourceStride, 1), destination = new float[(columns + 1) * destinationStride];
                fixed (float* from = source, to = destination)
                {
                    Transposition.Run(from, sourceStride, rows, columns, to, destinationStride);
                }

                for (int i = 0; i < destination.Length; i++)
                {
                    int column = i / destinationStride, row = i % destinationStride;
                    Assert.Equal(row < rows && column < columns ? source[(row * sourceStride) + column] : 0, destination[i]);
                }
            }
        }
    });
}
