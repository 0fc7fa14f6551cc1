using TorchSharp.Autograd;
using TorchSharp.Ops;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor add(Tensor target)
        {
            (long[] left, long[] right) = (Impl.Shape, target.Impl.Shape);
            return Graph.Record(Elementwise.Arithmetic<Add>(this, target), "add", [this, target], [], (node, grad) =>
            {
                node.Give(0, Graph.SumTo(grad, left));
                node.Give(1, Graph.SumTo(grad, right));
            });
        }

        public Tensor add(Tensor target, Scalar alpha)
        {
            using Tensor scaled = target.mul(alpha);
            return add(scaled);
        }

        public Tensor add(Scalar scalar) => WithScalar<Add>(scalar, "add", static (node, grad) => node.Give(0, grad));

        public Tensor add(Scalar scalar, Scalar alpha) => add(scalar.To<double>() * alpha.To<double>());

        public Tensor sub(Tensor target)
        {
            (long[] left, long[] right) = (Impl.Shape, target.Impl.Shape);
            return Graph.Record(Elementwise.Arithmetic<Subtract>(this, target), "sub", [this, target], [], (node, grad) =>
            {
                node.Give(0, Graph.SumTo(grad, left));
                if (node.Needs(1))
                    node.Give(1, Graph.SumTo(grad, right).neg());
            });
        }

        public Tensor sub(Scalar target) => WithScalar<Subtract>(target, "sub", static (node, grad) => node.Give(0, grad));

        public Tensor subtract(Tensor target) => sub(target);

        public Tensor subtract(Scalar target) => sub(target);

        public Tensor mul(Tensor target)
        {
            (long[] left, long[] right) = (Impl.Shape, target.Impl.Shape);
            Tensor? savedLeft = target.requires_grad ? this : null;
            Tensor? savedRight = requires_grad ? target : null;
            return Graph.Record(Elementwise.Arithmetic<Multiply>(this, target), "mul", [this, target], [savedLeft, savedRight], (node, grad) =>
            {
                if (node.Needs(0))
                    node.Give(0, Graph.SumTo(grad.mul(node[1]), left));
                if (node.Needs(1))
                    node.Give(1, Graph.SumTo(grad.mul(node[0]), right));
            });
        }

        public Tensor mul(Scalar target) => WithScalar<Multiply>(target, "mul", (node, grad) => node.Give(0, grad.mul(target)));

        public Tensor multiply(Tensor target) => mul(target);

        public Tensor multiply(Scalar target) => mul(target);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None)
        {
            RefuseRounding(rounding_mode);
            (long[] left, long[] right) = (Impl.Shape, target.Impl.Shape);
            ScalarType promoted = ScalarTypes.Promote(dtype, target.dtype);
            Tensor result = Elementwise.Arithmetic<Divide>(this, target, promoted.IsFloatingPoint() ? promoted : ScalarType.Float32);
            return Graph.Record(result, "div", [this, target], [target, target.requires_grad ? result : null], (node, grad) =>
            {
                Tensor quotient = grad.div(node[0]);
                if (node.Needs(0))
                    node.Give(0, Graph.SumTo(quotient, left));
                if (node.Needs(1))
                    node.Give(1, Graph.SumTo(quotient.mul(node[1]).neg(), right));
            });
        }

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None)
        {
            RefuseRounding(rounding_mode);
            using Tensor real = As(is_floating_point() ? dtype : ScalarType.Float32);
            return real.WithScalar<Divide>(target, "div", (node, grad) => node.Give(0, grad.div(target)));
        }

        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor pow(Scalar exponent)
        {
            double power = exponent.To<double>();
            Tensor result = power == 2 && is_floating_point() ? Elementwise.Arithmetic<Multiply>(this, this) : ScalarOp<Power>(exponent);
            return Graph.Record(result, "pow", [this], [this], (node, grad) =>
            {
                if (power != 0)
                    node.Give(0, grad.mul((power == 2 ? node[0] : node[0].pow(power - 1)).mul(power)));
                else
                    node.Give(0, zeros_like(grad));
            });
        }

        public Tensor pow(Tensor exponent)
        {
            (long[] left, long[] right) = (Impl.Shape, exponent.Impl.Shape);
            Tensor result = Elementwise.Arithmetic<Power>(this, exponent);
            return Graph.Record(result, "pow", [this, exponent], [this, exponent, result], (node, grad) =>
            {
                if (node.Needs(0))
                    node.Give(0, Graph.SumTo(grad.mul(node[1]).mul(node[0].pow(node[1].sub(1))), left));
                if (node.Needs(1))
                    node.Give(1, Graph.SumTo(grad.mul(node[2]).mul(node[0].log()), right));
            });
        }

        public Tensor square() => pow(2);

        public Tensor maximum(Tensor other) => Extremum<Maximum>(other, "maximum", static (a, b) => a.gt(b));

        public Tensor minimum(Tensor other) => Extremum<Minimum>(other, "minimum", static (a, b) => a.lt(b));

        public Tensor clamp(Scalar? min = null, Scalar? max = null)
        {
            Tensor result = this;
            if (min is not null)
                result = result.ScalarOp<Maximum>(min);
            if (max is not null)
            {
                using Tensor? lower = min is null ? null : result;
                result = result.ScalarOp<Minimum>(max);
            }

            if (min is null && max is null)
                throw Shapes.Error("At least one of 'min' or 'max' must not be None");
            return Graph.Record(result, "clamp", [this], [this], (node, grad) =>
            {
                Tensor kept = grad;
                if (min is not null)
                    kept = kept.masked_fill(node[0].lt(min), 0);
                if (max is not null)
                    kept = kept.masked_fill(node[0].gt(max), 0);
                node.Give(0, kept);
            });
        }

        public Tensor clamp_min(Scalar min) => clamp(min, null);

        public Tensor clamp_max(Scalar max) => clamp(null, max);

        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            using Tensor product = tensor1.mul(tensor2);
            return add(product, value);
        }

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            using Tensor quotient = tensor1.div(tensor2);
            return add(quotient, value);
        }

        /// <summary>A tensor with no dimensions and this value.</summary>
        internal static Tensor Of(Scalar value, ScalarType type)
        {
            var tensor = new Tensor(TensorImpl.Allocate(type, []), register: false);
            tensor.Fill(value);
            return tensor;
        }

        internal Tensor ScalarOp<TOp>(Scalar scalar) where TOp : IArithmetic
        {
            ScalarType type = ScalarTypes.Promote(dtype, scalar);
            using Tensor number = Of(scalar, type);
            return Elementwise.Arithmetic<TOp>(this, number, type);
        }

        internal Tensor ScalarLeft<TOp>(Scalar scalar, string name, ReadOnlySpan<Tensor?> saved, BackwardRule rule) where TOp : IArithmetic
        {
            ScalarType type = ScalarTypes.Promote(dtype, scalar);
            using Tensor number = Of(scalar, type);
            return Graph.Record(Elementwise.Arithmetic<TOp>(number, this, type), name, [this], saved, rule);
        }

        private static void RefuseRounding(RoundingMode mode)
        {
            if (mode != RoundingMode.None)
                throw new NotSupportedException("The managed stand-in of TorchSharp divides without rounding modes.");
        }

        private Tensor WithScalar<TOp>(Scalar scalar, string name, BackwardRule rule) where TOp : IArithmetic
            => Graph.Record(ScalarOp<TOp>(scalar), name, [this], [], rule);

        private Tensor Extremum<TOp>(Tensor other, string name, Func<Tensor, Tensor, Tensor> wins) where TOp : IArithmetic
        {
            (long[] left, long[] right) = (Impl.Shape, other.Impl.Shape);
            return Graph.Record(Elementwise.Arithmetic<TOp>(this, other), name, [this, other], [this, other], (node, grad) =>
            {
                // Where both are equal each gets half, as in torch.
                Tensor half = grad.mul(node[0].eq(node[1])).mul(0.5f);
                node.Give(0, Graph.SumTo(grad.mul(wins(node[0], node[1])).add(half), left));
                node.Give(1, Graph.SumTo(grad.mul(wins(node[1], node[0])).add(half), right));
            });
        }
    }
}
