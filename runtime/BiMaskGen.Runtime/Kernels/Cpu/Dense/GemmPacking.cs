using System.Runtime.Intrinsics;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>
/// Copies of an operand in the order that the register tile reads it: [k][width], width rows of A or columns of B side by side ("lanes"),
/// zeros where the operand has fewer.
/// </summary>
internal static unsafe class GemmPacking
{
    /// <param name="source">The operand at the first lane.</param>
    /// <param name="laneStride">From one lane to the next.</param>
    /// <param name="stepStride">From one step of the contraction to the next; this or the lane stride is 1.</param>
    /// <param name="lanes">Lanes that exist.</param>
    /// <param name="width">Lanes of the packed form.</param>
    /// <param name="k">Steps.</param>
    /// <param name="destination">k × width floats.</param>
    internal static void Pack(float* source, nint laneStride, nint stepStride, int lanes, int width, int k, float* destination)
    {
        if (stepStride == 1)
        {
            Transposition.Run(source, laneStride, lanes, k, destination, width);
        }
        else
        {
            CopySteps(source, stepStride, lanes, width, k, destination);
        }

        for (int lane = lanes; lane < width; lane++)
        {
            for (nint p = 0; p < k; p++)
            {
                destination[(p * width) + lane] = 0;
            }
        }
    }

    private static void CopySteps(float* source, nint stepStride, int lanes, int width, int k, float* destination)
    {
        for (int p = 0; p < k; p++)
        {
            int lane = 0;
            for (; lane <= lanes - 4; lane += 4)
            {
                Vector128.Load(source + lane).Store(destination + lane);
            }

            for (; lane < lanes; lane++)
            {
                destination[lane] = source[lane];
            }

            source += stepStride;
            destination += width;
        }
    }
}
