using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            // One device, one floating dtype: a move that would change anything is refused, all others keep every object as
            // TorchSharp does when nothing changes. Children are asked as TorchSharp asks them: they may override this.
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                _to(device.type, device.index, non_blocking);
                return _to(dtype, non_blocking);
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) =>
                deviceType == DeviceType.CPU
                    ? ToEach(module => module._to(deviceType, deviceIndex, non_blocking))
                    : throw new NotSupportedException($"Module '{GetName()}' can't move to {deviceType}: there is only the CPU here.");

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                if (dtype != ScalarType.Float32 && parameters().Any(parameter => parameter.dtype != dtype))
                {
                    throw new NotSupportedException($"Module '{GetName()}' can't become {dtype}: parameters are Float32 here.");
                }
                return ToEach(module => module._to(dtype, non_blocking));
            }

            private Module ToEach(Action<Module> to)
            {
                foreach (var module in _subModules.Values)
                {
                    to(module);
                }
                return this;
            }

            public Module _to(Tensor other, bool non_blocking)
            {
                ArgumentNullException.ThrowIfNull(other);
                return _to(other.device, other.dtype, non_blocking);
            }
        }
    }
}

/// <summary>Moves and conversions that return the module's own type.</summary>
public static class ModuleExtensionMethods
{
    public static T to<T>(this T module, torch.Device device, torch.ScalarType type, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(device, type, non_blocking);

    public static T to<T>(this T module, torch.Device device, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(device.type, device.index, non_blocking);

    public static T to<T>(this T module, torch.ScalarType type, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(type, non_blocking);

    public static T to<T>(this T module, DeviceType deviceType, int deviceIndex = -1, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(deviceType, deviceIndex, non_blocking);

    public static T to<T>(this T module, torch.Tensor other, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(other, non_blocking);

    public static T to<T>(this T module, string device, bool non_blocking = false) where T : torch.nn.Module =>
        module.to(torch.device(device), non_blocking);

    public static T cpu<T>(this T module, bool non_blocking = false) where T : torch.nn.Module =>
        module.to(DeviceType.CPU, non_blocking: non_blocking);

    public static T cuda<T>(this T module, int deviceIndex = -1, bool non_blocking = false) where T : torch.nn.Module =>
        module.to(DeviceType.CUDA, deviceIndex, non_blocking);

    public static T @float<T>(this T module, bool non_blocking = false) where T : torch.nn.Module =>
        module.to(torch.ScalarType.Float32, non_blocking);
}
