using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>1-D convolution over [N, C, L].</summary>
    public sealed class Conv1d : Convolution
    {
        internal Conv1d(long inChannels, long outChannels, long kernel, long stride, long? padding, Padding? paddingType, long dilation,
            PaddingModes mode, long groups, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(Conv1d), inChannels, outChannels, [kernel], [stride], [padding ?? 0], paddingType, [dilation], false, [0], groups, bias,
                mode, device, dtype)
        {
        }

        public override Tensor forward(Tensor input) => padding is { } symmetric
            ? nn.functional.conv1d(input, weight, bias, stride[0], symmetric[0], dilation[0], groups)
            : nn.functional.conv1d_padding(input, weight, bias, stride[0], padding_type!.Value, dilation[0], groups);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Conv1d Conv1d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride, padding, null, dilation, padding_mode, groups, bias, device, dtype);

            public static Modules.Conv1d Conv1d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride, null, padding, dilation, padding_mode, groups, bias, device, dtype);
        }
    }
}
