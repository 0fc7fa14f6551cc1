using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace TorchSharp.Modules;

/// <summary>Row lookup; backward adds into the picked rows, leaving the padding row alone.</summary>
internal sealed class EmbeddingFunction : autograd.SingleTensorFunction<EmbeddingFunction>
{
    private const string Rows = "rows";
    private const string Shape = "shape";
    private const string PaddingIndex = "padding_idx";

    public override string Name => "Embedding";

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, table) = ((Tensor)vars[0], (Tensor)vars[1]);
        using var indices = input.contiguous();
        using var rows = table.contiguous();
        var (count, width) = (table.shape[0], (int)table.shape[1]);
        var picked = MemoryMarshal.Cast<byte, long>(indices.bytes).ToArray();
        var output = empty([.. input.shape, width], table.dtype);
        var source = MemoryMarshal.Cast<byte, float>(rows.bytes);
        var target = MemoryMarshal.Cast<byte, float>(output.bytes);
        for (var i = 0; i < picked.Length; i++)
        {
            if ((ulong)picked[i] >= (ulong)count)
            {
                throw new ArgumentOutOfRangeException(nameof(vars), picked[i], $"An embedding index lies outside of the table of {count} rows.");
            }
            source.Slice(checked((int)(picked[i] * width)), width).CopyTo(target[(i * width)..]);
        }
        ctx.save_data(Rows, picked);
        ctx.save_data(Shape, table.shape);
        ctx.save_data(PaddingIndex, vars[2] is long row ? row : -1L);
        return output;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var picked = (long[])ctx.get_data(Rows);
        var shape = (long[])ctx.get_data(Shape);
        var padding = (long)ctx.get_data(PaddingIndex);
        var width = (int)shape[1];
        using var packed = grad_output.contiguous();
        var gradient = zeros(shape, grad_output.dtype);
        var source = MemoryMarshal.Cast<byte, float>(packed.bytes);
        var target = MemoryMarshal.Cast<byte, float>(gradient.bytes);
        for (var i = 0; i < picked.Length; i++)
        {
            if (picked[i] != padding)
            {
                var row = target.Slice((int)(picked[i] * width), width);
                TensorPrimitives.Add(row, source.Slice(i * width, width), row);
            }
        }
        return [null!, gradient, null!];
    }
}
