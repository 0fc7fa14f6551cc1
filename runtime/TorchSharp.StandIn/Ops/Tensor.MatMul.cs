using TorchSharp.Autograd;
using TorchSharp.Ops;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor mm(Tensor target)
        {
            if (Impl.Shape.Length != 2 || target.Impl.Shape.Length != 2)
                throw Shapes.Error("mm expects two matrices");
            return matmul(target);
        }

        public Tensor bmm(Tensor batch2)
        {
            if (Impl.Shape.Length != 3 || batch2.Impl.Shape.Length != 3 || Impl.Shape[0] != batch2.Impl.Shape[0])
                throw Shapes.Error("bmm expects two batches of matrices of the same length");
            return matmul(batch2);
        }

        public Tensor mv(Tensor target) => matmul(target);

        public Tensor dot(Tensor target)
        {
            using Tensor product = mul(target);
            return product.sum();
        }

        public Tensor outer(Tensor vec2)
        {
            using Tensor column = unsqueeze(1);
            return column.mul(vec2);
        }

        public Tensor matmul(Tensor target)
        {
            (int left, int right) = (Impl.Shape.Length, target.Impl.Shape.Length);
            if (left == 0 || right == 0)
                throw Shapes.Error("both arguments to matmul need to be at least 1D");
            if (left == 1 && right == 1)
                return dot(target);
            using Tensor a = left == 1 ? unsqueeze(0) : Share();
            using Tensor b = right == 1 ? target.unsqueeze(1) : target.Share();
            Tensor product = Product(a, b);
            if (left > 1 && right > 1)
                return product;
            using (product)
                return product.squeeze(left == 1 ? -2 : -1);
        }

        private static Tensor Product(Tensor a, Tensor b)
        {
            (long[] left, long[] right) = (a.Impl.Shape, b.Impl.Shape);
            Tensor? savedLeft = b.requires_grad ? a : null;
            Tensor? savedRight = a.requires_grad ? b : null;
            return Graph.Record(Products.Batched(a, b), "matmul", [a, b], [savedLeft, savedRight], (node, grad) =>
            {
                if (node.Needs(0))
                    node.Give(0, Graph.SumTo(Products.Batched(grad, node[1].mT), left));
                if (!node.Needs(1))
                    return;
                if (right.Length == 2 && left.Length > 2)
                {
                    // The batch takes part in the contraction: one product instead of a batch of them and a sum.
                    node.Give(1, Products.Batched(node[0].reshape(-1, left[^1]).t(), grad.reshape(-1, right[^1])));
                    return;
                }

                node.Give(1, Graph.SumTo(Products.Batched(node[0].mT, grad), right));
            });
        }
    }
}
