using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A handle of a tensor; several handles can share one <see cref="TensorImpl"/>.</summary>
    public partial class Tensor : IDisposable
    {
        private TensorImpl? impl;

        /// <summary>Takes over one reference to <paramref name="impl"/>; parameters stay out of dispose scopes.</summary>
        internal Tensor(TensorImpl impl, bool register = true)
        {
            this.impl = impl;
            if (register)
                DisposeScope.Register(this);
        }

        public IntPtr Handle => PretendGpu.IsOn ? PretendGpu.HandleOf(Impl) : (IntPtr)Impl.Id;

        public bool IsInvalid => impl is null;

        public long[] shape => (long[])Impl.Shape.Clone();

        public ScalarType dtype => Impl.Dtype;

        public Device device => PretendGpu.IsOn ? PretendGpu.Device : CPU;

        public DeviceType device_type => device.type;

        public int device_index => device.index;

        public bool is_cuda => PretendGpu.IsOn;

        public bool is_leaf => Impl.GradFn is null;

        public long ndim => Impl.Shape.Length;

        public long Dimensions => ndim;

        public long NumberOfElements => Impl.Numel;

        public long ElementSize => Impl.Dtype.ElementSize();

        public bool requires_grad
        {
            get => Impl.RequiresGrad;
            set => requires_grad_(value);
        }

        public Tensor? grad
        {
            get => Impl.Grad is { } g ? new Tensor(g.AddReference()) : null;
            set
            {
                TensorImpl? next = value?.Impl;
                if (next is not null && !next.Shape.AsSpan().SequenceEqual(Impl.Shape))
                    throw Shapes.Error($"assigned grad has data of a different size: [{string.Join(", ", next.Shape)}]");
                next?.AddReference();
                Impl.Grad?.Release();
                Impl.Grad = next;
            }
        }

        internal TensorImpl Impl => impl ?? throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public long dim() => ndim;

        public long numel() => Impl.Numel;

        public long element_size() => ElementSize;

        public long[] size() => shape;

        public long size(int dim) => Impl.Shape[Shapes.Dim(dim, Impl.Shape.Length)];

        public long[] stride() => (long[])Impl.Strides.Clone();

        public long stride(int dim) => Impl.Strides[Shapes.Dim(dim, Impl.Shape.Length)];

        public long storage_offset() => Impl.Offset;

        public bool is_contiguous() => Impl.IsContiguous;

        public bool is_cpu() => true;

        public bool is_floating_point() => Impl.Dtype.IsFloatingPoint();

        public bool is_integral() => Impl.Dtype is ScalarType.Byte or ScalarType.Int32 or ScalarType.Int64;

        public Tensor requires_grad_(bool requires_grad = true)
        {
            if (requires_grad && !is_floating_point())
                throw Shapes.Error("only Tensors of floating point dtype can require gradients");
            if (Impl.GradFn is not null && !requires_grad)
                throw Shapes.Error("you can only change requires_grad flags of leaf variables.");
            Impl.LeafRequiresGrad = requires_grad && Impl.GradFn is null;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void retain_grad()
        {
            if (Impl.GradFn is { } node)
                node.Retain(Impl);
            else if (!Impl.RequiresGrad)
                throw Shapes.Error("can't retain_grad on Tensor that has requires_grad=False");
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        public override string ToString() => $"[{string.Join("x", Impl.Shape)}], type = {dtype}, device = {device}";

        /// <summary>Hands the reference over and leaves this handle empty, as a parameter does to its data.</summary>
        internal TensorImpl MoveImpl()
        {
            TensorImpl moved = Impl;
            impl = null;
            OwningScope?.MarkAsDisposed(this);
            OwningScope = null;
            return moved;
        }

        /// <summary>Another handle of the same tensor, inside the graph as this one is.</summary>
        internal Tensor Share() => new(Impl.AddReference());

        protected virtual void Dispose(bool disposing)
        {
            Interlocked.Exchange(ref impl, null)?.Release();
            OwningScope?.MarkAsDisposed(this);
            OwningScope = null;
        }
    }
}
