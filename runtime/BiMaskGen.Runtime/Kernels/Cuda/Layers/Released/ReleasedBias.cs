namespace BiMaskGen.Kernels.Cuda;

/// <summary>
/// The bias of a released layer in the products' type. It stays a tensor of torch's that may be written to: where the types differ, each stream has a copy that
/// is made in its order, anew when the tensor has changed.
/// </summary>
internal sealed class ReleasedBias(CudaDevice device, CudaType type, int count) : IDisposable
{
    private readonly Dictionary<nint, (WeightKey Key, DeviceBuffer Buffer)> _copies = [];

    /// <summary>Where the bias lies in the products' type, for work of a stream.</summary>
    public ulong Of(in CudaTensor bias, WeightKey key, nint stream)
    {
        if (bias.Type == type)
        {
            return bias.Pointer;
        }

        lock (_copies)
        {
            (WeightKey Key, DeviceBuffer Buffer) copy = _copies.GetValueOrDefault(stream);
            if (copy.Buffer is null || copy.Key != key)
            {
                copy = (key, copy.Buffer ?? new DeviceBuffer(device.Context, (long)count * type.Bytes(), stream));
                new LayerKernels(new StreamLauncher(device, stream)).Convert(bias.Pointer, bias.Type, copy.Buffer.Pointer, type, (1, count));
                _copies[stream] = copy;
            }

            return copy.Buffer.Pointer;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, DeviceBuffer buffer) in _copies.Values)
        {
            buffer.Dispose();
        }
    }
}
