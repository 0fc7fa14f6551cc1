using TorchSharp.Autograd;
using TorchSharp.Ops;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor add_(Tensor target) => InPlace<Add>(target, static (a, b) => a.add(b));

        public Tensor add_(Tensor target, Scalar alpha)
        {
            using Tensor scaled = target.mul(alpha);
            return add_(scaled);
        }

        public Tensor add_(Scalar scalar) => InPlace<Add>(scalar, static (a, b) => a.add(b));

        public Tensor add_(Scalar scalar, Scalar alpha) => add_(scalar.To<double>() * alpha.To<double>());

        public Tensor sub_(Tensor target) => InPlace<Subtract>(target, static (a, b) => a.sub(b));

        public Tensor sub_(Scalar target) => InPlace<Subtract>(target, static (a, b) => a.sub(b));

        public Tensor subtract_(Tensor target) => sub_(target);

        public Tensor subtract_(Scalar target) => sub_(target);

        public Tensor mul_(Tensor target) => InPlace<Multiply>(target, static (a, b) => a.mul(b));

        public Tensor mul_(Scalar target) => InPlace<Multiply>(target, static (a, b) => a.mul(b));

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None)
        {
            RefuseRounding(rounding_mode);
            return InPlace<Divide>(target, static (a, b) => a.div(b));
        }

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None)
        {
            RefuseRounding(rounding_mode);
            return InPlace<Divide>(target, static (a, b) => a.div(b));
        }

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            using Tensor product = tensor1.mul(tensor2);
            return add_(product, value);
        }

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            using Tensor quotient = tensor1.div(tensor2);
            return add_(quotient, value);
        }

        public Tensor pow_(Scalar exponent) => Rewrite(x => x.pow(exponent));

        public Tensor sqrt_() => Rewrite(static x => x.sqrt());

        public Tensor rsqrt_() => Rewrite(static x => x.rsqrt());

        public Tensor exp_() => Rewrite(static x => x.exp());

        public Tensor log_() => Rewrite(static x => x.log());

        public Tensor abs_() => Rewrite(static x => x.abs());

        public Tensor neg_() => Rewrite(static x => x.neg());

        public Tensor relu_() => Rewrite(static x => x.relu());

        public Tensor gelu_() => Rewrite(static x => x.gelu());

        public Tensor silu_() => Rewrite(static x => x.silu());

        public Tensor tanh_() => Rewrite(static x => x.tanh());

        public Tensor sigmoid_() => Rewrite(static x => x.sigmoid());

        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Rewrite(x => x.clamp(min, max));

        public Tensor clamp_min_(Scalar min) => clamp_(min, null);

        public Tensor clamp_max_(Scalar max) => clamp_(null, max);

        public Tensor masked_fill_(Tensor mask, Scalar value) => Rewrite(x => x.masked_fill(mask, value));

        public Tensor zero_() => fill_(0);

        public Tensor fill_(Scalar value)
        {
            if (Graph.NeedsGrad([this]))
                return Rewrite(x => full_like(x, value));
            RefuseLeaf();
            Fill(value);
            Impl.Buffer.Touch();
            return this;
        }

        public Tensor copy_(Tensor source, bool nonBlocking = false)
        {
            if (Graph.NeedsGrad([this, source]))
                return Rewrite(x => source.As(x.dtype).expand(x.Impl.Shape));
            RefuseLeaf();
            Copying.Copy(source.Impl, Impl);
            Impl.Buffer.Touch();
            return this;
        }

        /// <summary>Sets every element, without a place in the graph and without counting a change.</summary>
        internal void Fill(Scalar value)
        {
            switch (dtype)
            {
                case ScalarType.Float32: Fill(value.To<float>()); break;
                case ScalarType.Float64: Fill(value.To<double>()); break;
                case ScalarType.Int64: Fill(value.To<long>()); break;
                case ScalarType.Int32: Fill(value.To<int>()); break;
                case ScalarType.Byte: Fill(value.To<byte>()); break;
                case ScalarType.Bool: Fill(value.To<double>() != 0); break;
                default: throw ScalarTypes.Unsupported(dtype);
            }
        }

        /// <summary>Replaces the values, and the history, by those of <paramref name="operation"/> on a copy of the old ones.</summary>
        internal Tensor Rewrite(Func<Tensor, Tensor> operation)
        {
            RefuseLeaf();
            TensorImpl self = Impl;
            TensorImpl copy = Copying.Contiguous(self);
            (copy.GradFn, copy.OutputIndex) = (self.GradFn, self.OutputIndex);
            using var before = new Tensor(copy);
            using Tensor after = operation(before);
            if (after.dtype.IsFloatingPoint() && !self.Dtype.IsFloatingPoint())
                throw Shapes.Error($"result type {after.dtype} can't be cast to the desired output type {self.Dtype}");
            if (!after.Impl.Shape.AsSpan().SequenceEqual(self.Shape))
                throw Shapes.Error($"output with shape [{string.Join(", ", self.Shape)}] doesn't match the broadcast shape [{string.Join(", ", after.shape)}]");
            Copying.Copy(after.Impl, self);
            self.Buffer.Touch();
            (self.GradFn, self.OutputIndex) = (after.Impl.GradFn, after.Impl.OutputIndex);
            return this;
        }

        private void Fill<T>(T value) where T : unmanaged
        {
            if (Impl.IsContiguous)
            {
                Impl.Span<T>().Fill(value);
                return;
            }

            TensorImpl number = TensorImpl.Allocate(dtype, []);
            number.Span<T>()[0] = value;
            Copying.Copy(number, Impl);
            number.Release();
        }

        private Tensor InPlace<TOp>(Tensor other, Func<Tensor, Tensor, Tensor> tracked) where TOp : IArithmetic
        {
            if (Graph.NeedsGrad([this, other]))
                return Rewrite(x => tracked(x, other));
            RefuseLeaf();
            if (other.is_floating_point() && !is_floating_point())
                throw Shapes.Error($"result type {other.dtype} can't be cast to the desired output type {dtype}");
            Elementwise.Arithmetic<TOp>(this, other, Impl);
            Impl.Buffer.Touch();
            return this;
        }

        private Tensor InPlace<TOp>(Scalar scalar, Func<Tensor, Tensor, Tensor> tracked) where TOp : IArithmetic
        {
            using Tensor number = Of(scalar, ScalarTypes.Promote(dtype, scalar));
            return InPlace<TOp>(number, tracked);
        }

        private void RefuseLeaf()
        {
            if (GradMode.Enabled && Impl.LeafRequiresGrad)
                throw Shapes.Error("a leaf Variable that requires grad is being used in an in-place operation.");
            if (GradMode.Enabled && Impl.IsDifferentiableView)
                throw new NotSupportedException("The managed stand-in of TorchSharp does not record in-place changes of a view of a tensor that requires grad.");
        }
    }
}
