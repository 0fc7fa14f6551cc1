using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>
/// Copies of an operand in the order that the register tile reads it: [k][width], width rows of A or columns of B side by side ("lanes"),
/// zeros where the operand has fewer.
/// </summary>
/// <typeparam name="TLanes">The register width.</typeparam>
/// <typeparam name="TVec">The register.</typeparam>
internal static unsafe class GemmPacking<TLanes, TVec>
    where TLanes : struct, ILanes<TVec>
    where TVec : unmanaged
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

        if (lanes < width)
        {
            ClearLanes(lanes, width, k, destination);
        }
    }

    /// <summary>Packs whole panels, each as <see cref="Pack"/> does, <paramref name="panelStride"/> floats apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void PackPanels(
        float* source, nint laneStride, nint stepStride, int panels, int width, int k, float* destination, nint panelStride)
    {
        if (stepStride == 1 || width != 8)
        {
            for (int panel = 0; panel < panels; panel++)
            {
                Pack(source + (panel * width * laneStride), laneStride, stepStride, width, width, k, destination + (panel * panelStride));
            }

            return;
        }

        // Steps outermost: adjacent panels share the operand's lines.
        for (int p = 0; p < k; p++)
        {
            float* to = destination;
            for (int panel = 0; panel < panels; panel++)
            {
                Vector256.Load(source + (panel * 8)).Store(to);
                to += panelStride;
            }

            source += stepStride;
            destination += 8;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ClearLanes(int lanes, int width, int k, float* destination)
    {
        for (int p = 0; p < k; p++)
        {
            for (int lane = lanes; lane < width; lane++)
            {
                destination[lane] = 0;
            }

            destination += width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopySteps(float* source, nint stepStride, int lanes, int width, int k, float* destination)
    {
        for (int p = 0; p < k; p++)
        {
            if (lanes == 3 * TLanes.Count)
            {
                TLanes.Store(TLanes.Load(source), destination);
                TLanes.Store(TLanes.Load(source + TLanes.Count), destination + TLanes.Count);
                TLanes.Store(TLanes.Load(source + (2 * TLanes.Count)), destination + (2 * TLanes.Count));
            }
            else
            {
                CopyLanes(source, lanes, destination);
            }

            source += stepStride;
            destination += width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyLanes(float* source, int lanes, float* destination)
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
    }
}
