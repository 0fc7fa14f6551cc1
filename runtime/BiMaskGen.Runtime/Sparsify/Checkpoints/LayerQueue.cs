using System.Runtime.ExceptionServices;
using BiMaskGen.Checkpoints;

namespace BiMaskGen.Sparsify;

/// <summary>
/// Writes one layer while the next one is at work. It holds no more than that one: a further layer waits, so that memory stays bounded.
/// </summary>
/// <param name="writer">The file.</param>
internal sealed class LayerQueue(PackedCheckpointWriter writer) : IDisposable
{
    private Task _last = Task.CompletedTask;

    /// <summary>Writes a layer, once the one before is written.</summary>
    public void Write(PackedLayer layer) => Next(() => writer.Write(layer));

    /// <summary>Copies a tensor that stays dense.</summary>
    public void WriteDense(string name, TensorFile source) => Next(() => writer.WriteDense(name, source.View(name)));

    /// <summary>Waits until all is written.</summary>
    /// <exception cref="IOException">The disk could not take it.</exception>
    public void Finish()
    {
        try
        {
            _last.Wait();
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    /// <summary>Waits for the write that is under way: the file must not be closed under it.</summary>
    public void Dispose() => ((IAsyncResult)_last).AsyncWaitHandle.WaitOne();

    private void Next(Action write)
    {
        Finish();
        _last = Task.Run(write);
    }
}
