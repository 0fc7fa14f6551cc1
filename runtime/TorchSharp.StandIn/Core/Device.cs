namespace TorchSharp;

public static partial class torch
{
    public static readonly Device CPU = new(DeviceType.CPU);

    public static Device device(string description) => new(description);

    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);

    public static Device get_default_device() => CPU;

    public static ScalarType get_default_dtype() => ScalarType.Float32;

    public static bool cuda_is_available() => false;

    public static bool mps_is_available() => false;

    public static void InitializeDeviceType(DeviceType deviceType) => Require(deviceType);

    public static Device InitializeDevice(Device? device)
    {
        Require(device?.type ?? DeviceType.CPU);
        return device ?? CPU;
    }

    internal static void Require(Device? device)
    {
        if (device is not null)
            Require(device.type);
    }

    internal static void Require(DeviceType type)
    {
        if (type != DeviceType.CPU && !(type == DeviceType.CUDA && PretendGpu.IsOn))
            throw new NotSupportedException($"The managed stand-in of TorchSharp runs on the CPU only; {type} was asked for.");
    }

    public static partial class cuda
    {
        public static bool is_available() => false;

        public static int device_count() => 0;
    }

    public class Device
    {
        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        public Device(string description)
        {
            string[] parts = description.Split(':');
            type = Enum.TryParse(parts[0], ignoreCase: true, out DeviceType parsed)
                ? parsed
                : throw new ArgumentException($"'{description}' does not name a device.", nameof(description));
            index = parts.Length > 1 ? int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : -1;
        }

        public DeviceType type { get; }

        public int index { get; }

        public static implicit operator Device(string description) => new(description);

        public override string ToString() => type.ToString().ToLowerInvariant() + (index >= 0 ? $":{index}" : string.Empty);
    }
}
