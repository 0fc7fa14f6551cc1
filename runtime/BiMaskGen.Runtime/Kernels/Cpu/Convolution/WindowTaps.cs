namespace BiMaskGen.Kernels.Cpu;

/// <summary>Where the taps of a kernel fall on an image, for windows that lie along one axis.</summary>
/// <param name="size">Entries of the image along the axis.</param>
/// <param name="outputs">Windows.</param>
/// <param name="stride">Entries from one window to the next.</param>
/// <param name="dilation">Entries from one tap to the next.</param>
/// <param name="padding">Zeros before the image.</param>
internal readonly struct WindowTaps(int size, int outputs, int stride, int dilation, int padding)
{
    /// <summary>The entry under a tap of a window; outside of the image it is below 0 or not below its size.</summary>
    public int At(int window, int tap) => (window * stride) - padding + (tap * dilation);

    /// <summary>Whether the tap of the window falls on the image.</summary>
    public bool IsInside(int window, int tap) => (uint)At(window, tap) < (uint)size;

    /// <summary>The window whose tap falls on an entry; −1 where there is none.</summary>
    public int Window(int entry, int tap)
    {
        int from = entry + padding - (tap * dilation);
        return from >= 0 && from % stride == 0 && from / stride < outputs ? from / stride : -1;
    }
}
