using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>y = x Wᵀ + b with W [out_features, in_features].</summary>
    public sealed class Linear : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = nameof(weight))]
        private Parameter? _weight;

        [ComponentName(Name = nameof(bias))]
        private Parameter? _bias;

        internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype)
            : base(nameof(Linear))
        {
            in_features = inputSize;
            out_features = outputSize;
            weight = nn.Parameter(empty([outputSize, inputSize], dtype, device));
            bias = hasBias ? nn.Parameter(empty([outputSize], dtype, device)) : null;
            nn.init.ResetLinear(weight, bias);
        }

        internal Linear(Parameter weight, Parameter? bias)
            : base(nameof(Linear))
        {
            in_features = weight.shape[1];
            out_features = weight.shape[0];
            this.weight = weight;
            this.bias = bias;
        }

        public long in_features { get; set; }

        public long out_features { get; set; }

        public Parameter weight
        {
            get => _weight!;
            set => SetParameter(ref _weight, nameof(weight), value);
        }

        public Parameter? bias
        {
            get => _bias;
            set => SetParameter(ref _bias, nameof(bias), value);
        }

        // As TorchSharp's, these see to the two parameters and to no children.
        protected internal override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) =>
            deviceType == weight.device_type ? this : base._to(deviceType, deviceIndex, non_blocking);

        protected internal override nn.Module _to(ScalarType dtype, bool non_blocking) =>
            dtype == weight.dtype ? this : base._to(dtype, non_blocking);

        public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weight, bias);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);

            public static Modules.Linear Linear(Modules.Parameter weight, Modules.Parameter? bias = null) => new(weight, bias);
        }
    }
}
