using BiMaskGen.Runtime.Tests.Kernels;
using BiMaskGen.Training;

namespace BiMaskGen.Runtime.Tests.Support;

/// <summary>Matrices that do not move, as a tensor's memory does not.</summary>
internal static class Pinned
{
    public static float[] Random(int count, int seed)
    {
        float[] values = GC.AllocateArray<float>(count, pinned: true);
        Data.Random(count, seed).CopyTo(values, 0);
        return values;
    }

    public static unsafe MatrixView View(float[] pinned, int rows, int columns)
    {
        fixed (float* start = pinned)
        {
            return new MatrixView((nint)start, rows, columns);
        }
    }
}
