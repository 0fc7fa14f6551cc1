using TorchSharp.Autograd;
using TorchSharp.Ops;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor softmax(long dim, ScalarType? dtype = null) => SoftmaxOver(dim, dtype, logarithm: false);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => SoftmaxOver(dim, dtype, logarithm: true);

        private Tensor SoftmaxOver(long dim, ScalarType? type, bool logarithm)
        {
            using Tensor source = type is { } t ? to_type(t) : Share();
            int at = Shapes.Dim(dim, Impl.Shape.Length);
            Tensor result = SoftmaxKernels.Along(source, at, rows => SoftmaxKernels.Rows(rows, logarithm));
            return Graph.Record(result, logarithm ? "log_softmax" : "softmax", [source], [result], (node, grad) =>
            {
                if (at >= grad.Impl.Shape.Length - 1)
                    node.Give(0, SoftmaxKernels.RowsGrad(node[0], grad, logarithm));
                else
                    node.Give(0, SoftmaxKernels.RowsGrad(node[0].transpose(at, -1), grad.transpose(at, -1), logarithm).transpose(at, -1));
            });
        }
    }
}
