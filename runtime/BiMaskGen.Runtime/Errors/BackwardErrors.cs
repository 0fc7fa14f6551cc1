using System.Collections.Concurrent;

namespace BiMaskGen.Training;

/// <summary>
/// Errors of C# backward functions, which must not throw through libtorch's native frames: kept here and thrown by the next forward
/// of any sparse layer in the process.
/// </summary>
public static class BackwardErrors
{
    private static readonly ConcurrentQueue<NMSparseBackwardException> s_pending = new();

    /// <summary>Keeps an error.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="cause">Why backward failed.</param>
    public static void Record(string layer, Exception cause) => s_pending.Enqueue(new NMSparseBackwardException(layer, cause));

    /// <summary>Throws the oldest error that nobody has seen yet; the later ones of the same backward go with it.</summary>
    /// <exception cref="NMSparseBackwardException">A backward has failed.</exception>
    public static void ThrowPending()
    {
        if (!s_pending.IsEmpty && s_pending.TryDequeue(out NMSparseBackwardException? error))
        {
            s_pending.Clear();
            throw error;
        }
    }
}
