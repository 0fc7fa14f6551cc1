using TorchSharp.Ops;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);

        public static Tensor operator +(Tensor left, Scalar right) => left.add(right);

        public static Tensor operator +(Scalar left, Tensor right) => right.add(left);

        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);

        public static Tensor operator -(Tensor left, Scalar right) => left.sub(right);

        public static Tensor operator -(Scalar left, Tensor right)
            => right.ScalarLeft<Subtract>(left, "rsub", [], static (node, grad) => node.Give(0, grad.neg()));

        public static Tensor operator -(Tensor tensor) => tensor.neg();

        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);

        public static Tensor operator *(Tensor left, Scalar right) => left.mul(right);

        public static Tensor operator *(Scalar left, Tensor right) => right.mul(left);

        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);

        public static Tensor operator /(Tensor left, Scalar right) => left.div(right);

        public static Tensor operator /(Scalar left, Tensor right)
        {
            using Tensor real = right.As(right.is_floating_point() ? right.dtype : ScalarType.Float32);
            return real.ScalarLeft<Divide>(left, "rdiv", [real], (node, grad) => node.Give(0, grad.mul(left).div(node[0].square()).neg()));
        }

        public static Tensor operator ==(Tensor left, Tensor right) => left.eq(right);

        public static Tensor operator ==(Tensor left, Scalar right) => left.eq(right);

        public static Tensor operator !=(Tensor left, Tensor right) => left.ne(right);

        public static Tensor operator !=(Tensor left, Scalar right) => left.ne(right);

        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);

        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);

        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);

        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);

        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);

        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);

        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);

        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);

        public Tensor eq(Tensor target) => Elementwise.Test<Equal>(this, target);

        public Tensor eq(Scalar target) => Compare<Equal>(target);

        public Tensor ne(Tensor target) => Elementwise.Test<NotEqual>(this, target);

        public Tensor ne(Scalar target) => Compare<NotEqual>(target);

        public Tensor lt(Tensor target) => Elementwise.Test<Less>(this, target);

        public Tensor lt(Scalar target) => Compare<Less>(target);

        public Tensor le(Tensor target) => Elementwise.Test<LessOrEqual>(this, target);

        public Tensor le(Scalar target) => Compare<LessOrEqual>(target);

        public Tensor gt(Tensor target) => Elementwise.Test<Less>(target, this);

        public Tensor gt(Scalar target) => Compare<Less>(target, swapped: true);

        public Tensor ge(Tensor target) => Elementwise.Test<LessOrEqual>(target, this);

        public Tensor ge(Scalar target) => Compare<LessOrEqual>(target, swapped: true);

        public Tensor logical_and(Tensor other) => Elementwise.Test<And>(this, other);

        public Tensor logical_or(Tensor other) => Elementwise.Test<Or>(this, other);

        public Tensor logical_xor(Tensor other) => Elementwise.Test<Xor>(this, other);

        public Tensor logical_not() => eq(0);

        public Tensor isnan() => ne(this);

        public Tensor isinf()
        {
            using var _ = no_grad();
            using Tensor magnitude = abs();
            return magnitude.eq(double.PositiveInfinity);
        }

        public Tensor isfinite()
        {
            using var _ = no_grad();
            using Tensor magnitude = abs();
            return magnitude.lt(double.PositiveInfinity);
        }

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        public bool Equals(Tensor target) => ReferenceEquals(this, target) || (!target.IsInvalid && !IsInvalid && SameValues(target));

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

        /// <summary>One boolean: same shape and same values.</summary>
        public Tensor equal(Tensor target) => torch.tensor(SameValues(target));

        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
        {
            using Tensor close = isclose(target, rtol, atol, equal_nan);
            using Tensor every = close.all();
            return every.item<bool>();
        }

        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false)
        {
            using var _ = no_grad();
            using DisposeScope scope = NewDisposeScope();
            Tensor close = sub(other).abs().le(other.abs().mul(rtol).add(atol)).logical_or(eq(other));
            if (nanEqual)
                close = close.logical_or(isnan().logical_and(other.isnan()));
            return close.MoveToOuterDisposeScope();
        }

        private bool SameValues(Tensor target)
        {
            if (!Impl.Shape.AsSpan().SequenceEqual(target.Impl.Shape))
                return false;
            using Tensor same = eq(target);
            using Tensor every = same.all();
            return every.item<bool>();
        }

        private Tensor Compare<TTest>(Scalar scalar, bool swapped = false) where TTest : ITest
        {
            using Tensor number = Of(scalar, ScalarTypes.Promote(dtype, scalar));
            return swapped ? Elementwise.Test<TTest>(number, this) : Elementwise.Test<TTest>(this, number);
        }
    }
}
