using System.Numerics.Tensors;
using TorchSharp.Autograd;
using TorchSharp.Ops;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor neg() => is_floating_point()
            ? Unary("neg", TensorPrimitives.Negate, [], static (node, grad) => node.Give(0, grad.neg()))
            : mul(-1);

        public Tensor abs() => is_floating_point()
            ? Unary("abs", TensorPrimitives.Abs, [this], static (node, grad) => node.Give(0, grad.mul(node[0].sign())))
            : maximum(neg());

        public Tensor sign()
        {
            using Tensor positive = gt(0).to_type(dtype, disposeAfter: true);
            using Tensor negative = lt(0).to_type(dtype, disposeAfter: true);
            return Graph.Record(Elementwise.Arithmetic<Subtract>(positive, negative), "sign", [this], [], static (node, grad) => node.Give(0, zeros_like(grad)));
        }

        public Tensor sqrt() => UnaryOnResult("sqrt", TensorPrimitives.Sqrt, static (node, grad) => node.Give(0, grad.div(node[0]).mul(0.5f)));

        public Tensor rsqrt() => UnaryOnResult(
            "rsqrt", TensorPrimitives.ReciprocalSqrt, static (node, grad) => node.Give(0, grad.mul(node[0].pow(3)).mul(-0.5f)));

        public Tensor reciprocal() => UnaryOnResult(
            "reciprocal", TensorPrimitives.Reciprocal, static (node, grad) => node.Give(0, grad.mul(node[0].square()).neg()));

        public Tensor exp() => UnaryOnResult("exp", TensorPrimitives.Exp, static (node, grad) => node.Give(0, grad.mul(node[0])));

        public Tensor log() => Unary("log", TensorPrimitives.Log, [this], static (node, grad) => node.Give(0, grad.div(node[0])));

        public Tensor log1p() => Unary("log1p", TensorPrimitives.LogP1, [this], static (node, grad) => node.Give(0, grad.div(node[0].add(1))));

        public Tensor sin() => Unary("sin", TensorPrimitives.Sin, [this], static (node, grad) => node.Give(0, grad.mul(node[0].cos())));

        public Tensor cos() => Unary("cos", TensorPrimitives.Cos, [this], static (node, grad) => node.Give(0, grad.mul(node[0].sin()).neg()));

        public Tensor floor() => Unary("floor", TensorPrimitives.Floor, [], static (node, grad) => node.Give(0, zeros_like(grad)));

        public Tensor ceil() => Unary("ceil", TensorPrimitives.Ceiling, [], static (node, grad) => node.Give(0, zeros_like(grad)));

        public Tensor tanh() => UnaryOnResult("tanh", TensorPrimitives.Tanh, static (node, grad) => node.Give(0, Elementwise.Zip(node[0], grad, TanhGrad)));

        public Tensor sigmoid() => UnaryOnResult(
            "sigmoid", ActivationKernels.Map<Sigmoid>, static (node, grad) => node.Give(0, Elementwise.Zip(node[0], grad, SigmoidGrad)));

        public Tensor erf() => Activation<Erf, ErfDerivative>("erf");

        public Tensor gelu() => Activation<Gelu, GeluDerivative>("gelu");

        public Tensor gelu(Modules.GELU.Approximate approximate)
            => approximate == Modules.GELU.Approximate.none ? gelu() : Activation<GeluTanh, GeluTanhDerivative>("gelu");

        public Tensor silu() => Activation<Silu, SiluDerivative>("silu");

        public Tensor relu() => UnaryOnResult(
            "relu", ActivationKernels.Map<Relu>, static (node, grad) => node.Give(0, Elementwise.Zip(node[0], grad, ActivationKernels.Chain<Step>)));

        private static void TanhGrad(ReadOnlySpan<float> y, ReadOnlySpan<float> grad, Span<float> target)
        {
            for (int i = 0; i < target.Length; i++)
                target[i] = grad[i] * (1 - (y[i] * y[i]));
        }

        private static void SigmoidGrad(ReadOnlySpan<float> y, ReadOnlySpan<float> grad, Span<float> target)
        {
            for (int i = 0; i < target.Length; i++)
                target[i] = grad[i] * y[i] * (1 - y[i]);
        }

        private Tensor Unary(string name, MapKernel kernel, ReadOnlySpan<Tensor?> saved, BackwardRule rule)
            => Graph.Record(Elementwise.Map(this, kernel), name, [this], saved, rule);

        private Tensor UnaryOnResult(string name, MapKernel kernel, BackwardRule rule)
        {
            Tensor result = Elementwise.Map(this, kernel);
            return Graph.Record(result, name, [this], [result], rule);
        }

        private Tensor Activation<TFunction, TDerivative>(string name)
            where TFunction : IVectorFunction
            where TDerivative : IVectorFunction
            => Unary(name, ActivationKernels.Map<TFunction>, [this], static (node, grad) => node.Give(0, Elementwise.Zip(node[0], grad, ActivationKernels.Chain<TDerivative>)));
    }
}
