using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Ops;

/// <summary>Element-wise results against plain loops, over layouts that take different paths.</summary>
public class ElementwiseTests
{
    public static TheoryData<string> Layouts => ["plain", "row", "column", "number", "transposed", "sliced", "outer", "both constant inside"];

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Arithmetic_broadcasts_as_indices_say(string layout)
    {
        (Tensor a, Tensor b) = Operands(layout);
        Tensor sum = a - b;
        Tensor less = a.lt(b);
        Tensor chosen = where(a.lt(b), a, b);
        Tensor wideA = a.expand(sum.shape);
        Tensor wideB = b.expand(sum.shape);
        for (long i = 0; i < sum.size(0); i++)
        {
            for (long j = 0; j < sum.size(1); j++)
            {
                (float x, float y) = (wideA.data<float>()[i, j], wideB.data<float>()[i, j]);
                Assert.Equal(x - y, sum.data<float>()[i, j]);
                Assert.Equal(x < y, less.data<bool>()[i, j]);
                Assert.Equal(Math.Min(x, y), chosen.data<float>()[i, j]);
            }
        }
    }

    [Theory]
    [InlineData("transposed")]
    [InlineData("sliced")]
    public void In_place_on_a_view_writes_where_the_view_looks(string layout)
    {
        (Tensor a, Tensor b) = Operands(layout);
        float[] expected = (a + b).data<float>().ToArray();
        a.add_(b);

        Assert.Equal(expected, a.data<float>().ToArray());
    }

    [Fact]
    public void In_place_scalars_and_fused_forms()
    {
        Tensor x = tensor([1f, 2, 4]);
        x.add_(tensor([1f, 1, 1]), alpha: 2).mul_(2).sub_(1).div_(2);

        Assert.Equal([2.5f, 3.5f, 5.5f], x.data<float>().ToArray());
        x.addcmul_(ones(3), full([3], 2), 0.5).addcdiv_(ones(3), full([3], 4), 2);
        Assert.Equal([4f, 5, 7], x.data<float>().ToArray());
        Assert.Equal([4f, 5, 6], x.clamp_(null, 6).data<float>().ToArray());
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => tensor([1L]).add_(tensor([0.5f])));
    }

    [Fact]
    public void Error_function_and_activations_at_many_points()
    {
        float[] points = [.. Enumerable.Range(-400, 801).Select(i => i / 80f)];
        float[] erf = tensor(points).erf().data<float>().ToArray();
        float[] gelu = tensor(points).gelu().data<float>().ToArray();
        float[] silu = tensor(points).silu().data<float>().ToArray();
        for (int i = 0; i < points.Length; i++)
        {
            double exact = Erf(points[i]);
            Assert.Equal(exact, erf[i], 4e-7 * Math.Max(Math.Abs(exact), 1e-3));
            Assert.Equal(points[i] * 0.5 * (1 + Erf(points[i] / Math.Sqrt(2))), gelu[i], 2e-6);
            Assert.Equal(points[i] / (1 + Math.Exp(-points[i])), silu[i], 2e-6);
        }
    }

    [Fact]
    public void Not_a_number_and_infinity()
    {
        Tensor x = tensor([1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity]);

        Assert.Equal([false, true, false, false], x.isnan().data<bool>().ToArray());
        Assert.Equal([true, false, false, false], x.isfinite().data<bool>().ToArray());
        Assert.True(float.IsNaN(x.relu().data<float>()[1]));
        Assert.True(float.IsNaN(x.max().item<float>()));
        Assert.False(x.allclose(x));
        Assert.True(x.allclose(x, equal_nan: true));
        Assert.True(tensor([1f, float.PositiveInfinity]).allclose(tensor([1.000001f, float.PositiveInfinity])));
    }

    [Fact]
    public void Logic()
    {
        Tensor a = tensor([true, true, false]);
        Tensor b = tensor([true, false, false]);

        Assert.Equal([true, false, false], a.logical_and(b).data<bool>().ToArray());
        Assert.Equal([true, true, false], a.logical_or(b).data<bool>().ToArray());
        Assert.Equal([false, false, true], a.logical_not().data<bool>().ToArray());
        Assert.True(a.any().item<bool>());
        Assert.False(a.all().item<bool>());
        Assert.Equal(2, a.sum().item<long>());
        Assert.True(a.equal(a.clone()).item<bool>());
        Assert.False(a.equal(b).item<bool>());
    }

    /// <summary>Simpson's rule on the defining integral.</summary>
    private static double Erf(double x)
    {
        const int Steps = 2000;
        double h = x / Steps;
        double sum = 1 + Math.Exp(-x * x);
        for (int i = 1; i < Steps; i++)
            sum += (i % 2 == 1 ? 4 : 2) * Math.Exp(-(i * h) * (i * h));
        return 2 / Math.Sqrt(Math.PI) * sum * h / 3;
    }

    private static (Tensor A, Tensor B) Operands(string layout)
    {
        Tensor a = Values(5, 19);
        return layout switch
        {
            "plain" => (a, Values(5, 19).flip(0)),
            "row" => (a, Values(19) * 2),
            "column" => (Values(5, 1) * 3, a),
            "number" => (Values(1, 1) + 0.25, a),
            "transposed" => (Values(19, 5).t(), a),
            "sliced" => (Values(5, 38)[TensorIndex.Colon, TensorIndex.Slice(0, null, 2)], a),
            "outer" => (Values(5, 1), Values(19)),
            _ => (Values(5, 1).expand(5, 19), (Values(5, 1) * 2).expand(5, 19)),
        };
    }

    private static Tensor Values(params long[] shape) => Autograd.GradCheck.Values(shape, seed: shape.Length);
}
