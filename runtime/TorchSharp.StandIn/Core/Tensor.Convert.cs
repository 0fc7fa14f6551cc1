using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor contiguous() => is_contiguous() ? Share() : clone();

        public Tensor clone() => Graph.Record(new Tensor(Copying.Contiguous(Impl)), "clone", [this], [], static (node, grad) => node.Give(0, grad));

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            Tensor result;
            if (type == dtype)
            {
                result = copy ? clone() : Share();
            }
            else
            {
                ScalarType from = dtype;
                result = new Tensor(Copying.Convert(Impl, type));
                if (type.IsFloatingPoint())
                    Graph.Record(result, "to_type", [this], [], (node, grad) => node.Give(0, grad.to_type(from)));
            }

            if (disposeAfter)
                Dispose();
            return result;
        }

        public Tensor type(ScalarType dtype) => to_type(dtype);

        public Tensor type_as(Tensor tensor) => to_type(tensor.dtype);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => to_type(type, copy, disposeAfter, non_blocking);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => to(dtype, device, copy, disposeAfter, non_blocking);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => to(new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            Require(device);
            return to_type(type, copy, disposeAfter, non_blocking);
        }

        public Tensor to(Tensor other, bool non_blocking = false) => to_type(other.dtype);

        public Tensor cpu() => Share();

        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? new Device(DeviceType.CUDA));

        public Tensor @float() => to_type(ScalarType.Float32);

        public Tensor @double() => to_type(ScalarType.Float64);

        public Tensor @long() => to_type(ScalarType.Int64);

        public Tensor @int() => to_type(ScalarType.Int32);

        public Tensor @byte() => to_type(ScalarType.Byte);

        public Tensor @bool() => to_type(ScalarType.Bool);

        /// <summary>Another handle where nothing has to change; the copy outside the graph and outside dispose scopes where it has.</summary>
        internal Tensor As(ScalarType type)
        {
            if (type == dtype)
                return new(Impl.AddReference(), register: false);
            if (!requires_grad)
                return new(Copying.Convert(Impl, type), register: false);
            return to_type(type).DetachFromDisposeScope();
        }

        /// <summary>The values as one run of memory, outside the graph and outside dispose scopes.</summary>
        internal Tensor Packed() => new(Impl.IsContiguous ? Impl.AddReference() : Copying.Contiguous(Impl), register: false);

        /// <summary>The values as one run of floats; kernels start with this.</summary>
        internal Tensor FloatRun()
        {
            if (dtype is ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16)
                throw ScalarTypes.Unsupported(dtype);
            if (dtype == ScalarType.Float32)
                return Packed();
            return new(Copying.Convert(Impl, ScalarType.Float32), register: false);
        }

        /// <summary>The values as one run of 64-bit indices.</summary>
        internal Tensor IndexRun()
        {
            if (is_floating_point() || dtype == ScalarType.Bool)
                throw Shapes.Error($"Expected an index tensor of type Int64, but got {dtype}");
            return dtype == ScalarType.Int64 ? Packed() : new(Copying.Convert(Impl, ScalarType.Int64), register: false);
        }
    }
}
