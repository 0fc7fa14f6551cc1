using System.Numerics.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace TorchSharp.Ops;

/// <summary>
/// The products of attention, per matrix of the batch and per block of query rows. Under a causal mask a block only sees the keys up to its
/// last row, which halves the work; the weights above the diagonal stay zero.
/// </summary>
internal sealed class AttentionKernel(int rows, int keys, int depth, int valueDepth, bool causal, long[] batch)
{
    private const int Block = 64;
    private readonly float scale = (float)(1 / Math.Sqrt(depth));

    private delegate void BlockAction(int matrix, int row, int count, int visible);

    public void Weights(Tensor query, Tensor key, Tensor? mask, Tensor weights)
    {
        using Tensor q = query.FloatRun();
        using Tensor k = key.FloatRun();
        long[] maskStrides = mask is null ? [] : Shapes.ExpandStrides(mask.Impl.Shape[..^2], mask.Impl.Strides[..^2], batch);
        ForBlocks((matrix, row, count, visible) =>
        {
            Span<float> scores = Rows(weights, matrix, row, keys);
            Products.Gemm(false, true, count, visible, depth, scale, Rows(q, matrix, row, depth), depth, Rows(k, matrix, 0, depth), depth, 0, scores, keys);
            for (int r = 0; r < count; r++)
            {
                int width = causal ? Math.Min(visible, row + r + 1) : visible;
                Span<float> line = scores.Slice(r * keys, width);
                if (mask is not null)
                    TensorPrimitives.Add(line, MaskRow(mask, maskStrides, matrix, row + r), line);
                SoftmaxKernels.Softmax(line, line);
                scores[((r * keys) + width)..((r * keys) + visible)].Clear();
            }
        });
    }

    public Tensor Apply(Tensor weights, Tensor value)
    {
        using Tensor w = weights.FloatRun();
        using Tensor v = value.FloatRun();
        Tensor result = empty([.. batch, rows, valueDepth]);
        ForBlocks((matrix, row, count, visible) => Products.Gemm(
            false, false, count, valueDepth, visible, 1, Rows(w, matrix, row, keys), keys, Rows(v, matrix, 0, valueDepth), valueDepth, 0, Rows(result, matrix, row, valueDepth), valueDepth));
        return result;
    }

    public Tensor ValueGrad(Tensor weights, Tensor grad) => Transposed(weights, grad, valueDepth, 1);

    public Tensor KeyGrad(Tensor scores, Tensor query) => Transposed(scores, query, depth, scale);

    public Tensor QueryGrad(Tensor scores, Tensor key)
    {
        using Tensor k = key.FloatRun();
        Tensor result = empty([.. batch, rows, depth]);
        ForBlocks((matrix, row, count, visible) => Products.Gemm(
            false, false, count, depth, visible, scale, Rows(scores, matrix, row, keys), keys, Rows(k, matrix, 0, depth), depth, 0, Rows(result, matrix, row, depth), depth));
        return result;
    }

    /// <summary>The gradient of the scores before the softmax.</summary>
    public Tensor ScoreGrad(Tensor weights, Tensor? dropped, Tensor grad, Tensor value)
    {
        using Tensor g = grad.FloatRun();
        using Tensor v = value.FloatRun();
        Tensor result = zeros([.. batch, rows, keys]);
        ForBlocks((matrix, row, count, visible) =>
        {
            Span<float> scores = Rows(result, matrix, row, keys);
            Products.Gemm(false, true, count, visible, valueDepth, 1, Rows(g, matrix, row, valueDepth), valueDepth, Rows(v, matrix, 0, valueDepth), valueDepth, 0, scores, keys);
            for (int r = 0; r < count; r++)
            {
                Span<float> line = scores.Slice(r * keys, visible);
                if (dropped is not null)
                    TensorPrimitives.Multiply(line, Rows(dropped, matrix, row + r, keys)[..visible], line);
                SoftmaxKernels.SoftmaxGrad(Rows(weights, matrix, row + r, keys)[..visible], line, line);
            }
        });
        return result;
    }

    /// <summary>scale · Aᵀ B summed over the blocks of rows.</summary>
    private Tensor Transposed(Tensor a, Tensor b, int width, float factor)
    {
        using Tensor right = b.FloatRun();
        Tensor result = zeros([.. batch, keys, width]);
        ForBlocks((matrix, row, count, visible) => Products.Gemm(
            true, false, visible, width, count, factor, Rows(a, matrix, row, keys), keys, Rows(right, matrix, row, width), width, 1, Rows(result, matrix, 0, width), width));
        return result;
    }

    private void ForBlocks(BlockAction action)
    {
        int matrices = (int)Shapes.Numel(batch);
        for (int matrix = 0; matrix < matrices; matrix++)
        {
            for (int row = 0; row < rows; row += Block)
            {
                int count = Math.Min(Block, rows - row);
                action(matrix, row, count, causal ? Math.Min(keys, row + count) : keys);
            }
        }
    }

    /// <summary>From one row of one matrix of a contiguous batch to the end.</summary>
    private static Span<float> Rows(Tensor tensor, int matrix, int row, int width)
    {
        int size = (int)tensor.Impl.Shape[^2] * width;
        return tensor.Impl.Span<float>().Slice((matrix * size) + (row * width), size - (row * width));
    }

    private Span<float> MaskRow(Tensor mask, long[] strides, int matrix, int row)
    {
        long offset = (long)row * keys;
        for (int d = batch.Length - 1; d >= 0; d--)
        {
            offset += matrix % batch[d] * strides[d];
            matrix /= (int)batch[d];
        }

        return mask.Impl.Span<float>().Slice((int)offset, keys);
    }
}
