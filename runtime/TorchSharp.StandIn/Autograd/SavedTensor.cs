using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>A tensor kept for backward, with the version its memory had.</summary>
internal sealed class SavedTensor
{
    private readonly int version;
    private TensorImpl? impl;

    /// <summary>Keeps the values; the copy of the header breaks the cycle between an output and the node that made it.</summary>
    public SavedTensor(TensorImpl source)
    {
        impl = source.GradFn is null ? source.AddReference() : source.Window(source.Shape, source.Strides, source.Offset);
        version = source.Buffer.Version;
    }

    public Tensor Unpack(string user)
    {
        if (impl is null)
        {
            throw Shapes.Error("Trying to backward through the graph a second time (or directly access saved tensors after they have "
                + "already been freed). Specify retain_graph=True if you need to backward through the graph a second time.");
        }

        if (impl.Buffer.Version != version)
        {
            throw Shapes.Error("one of the variables needed for gradient computation has been modified by an inplace operation: "
                + $"[{string.Join(", ", impl.Shape)}], saved by {user}, is at version {impl.Buffer.Version}; expected version {version} instead.");
        }

        return new Tensor(impl.AddReference());
    }

    public void Release() => Interlocked.Exchange(ref impl, null)?.Release();
}
