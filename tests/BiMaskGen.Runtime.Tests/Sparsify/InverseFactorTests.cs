using BiMaskGen.Runtime.Tests.Kernels;
using BiMaskGen.Runtime.Tests.Support;
using BiMaskGen.Sparsify;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Sparsify;

[Collection(KernelSettings.Name)]
public sealed unsafe class InverseFactorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(131)]
    [InlineData(200)]
    public void TheFactorTimesItsTransposeInvertsH(int size) => KernelSettings.With(512, 3, () =>
    {
        double[] gram = Gram(size, size + 5, 1);
        int[] order = TestWeights.Permutation(size, 2);
        using InverseFactor factor = InverseFactor.TryCreate(gram, order, 0.01)!;
        float[] u = new float[size * size];
        fixed (float* target = u)
        {
            factor.CopyRows(0, size, target);
        }

        double[] h = Damped(gram, order, 0.01);
        // U H Uᵀ = I says the same as H⁻¹ = Uᵀ U.
        for (int i = 0; i < size; i++)
        {
            Assert.Equal(u[(i * size) + i], (float)factor.Diagonal(i));
            for (int j = 0; j < size; j++)
            {
                double sum = 0;
                for (int a = i; a < size; a++)
                {
                    for (int b = j; b < size; b++)
                    {
                        sum += u[(i * size) + a] * h[(a * size) + b] * u[(j * size) + b];
                    }
                }

                Assert.Equal(i == j ? 1 : 0, sum, 2e-4);
            }
        }
    });

    [Fact]
    public void SomeRowsAreTheSameAsAmongAllRows()
    {
        const int Size = 40, First = 13, Count = 9;
        using InverseFactor factor = InverseFactor.TryCreate(Gram(Size, 60, 3), TestWeights.Permutation(Size, 4), 0.01)!;
        float[] all = new float[Size * Size], some = new float[Count * Size];
        fixed (float* target = all, part = some)
        {
            factor.CopyRows(0, Size, target);
            factor.CopyRows(First, Count, part);
        }

        for (int row = First; row < First + Count; row++)
        {
            Assert.Equal(all[((row * Size) + row)..((row + 1) * Size)], some[(((row - First) * Size) + row)..((row - First + 1) * Size)]);
        }
    }

    [Fact]
    public void AMatrixThatIsNotPositiveDefiniteHasNoFactor()
    {
        // [[1, 2], [2, 1]] has the eigenvalue −1.
        Assert.Null(InverseFactor.TryCreate([1, 2, 0, 1], [0, 1], 0.01));
        Assert.Null(InverseFactor.TryCreate([1, double.NaN, 0, 1], [0, 1], 0.01));
    }

    [Fact]
    public void FeaturesThatWereNeverActiveHaveAFactor()
    {
        using InverseFactor? some = InverseFactor.TryCreate([4, 0, 0, 0], [0, 1], 0.01);
        using InverseFactor? all = InverseFactor.TryCreate([0, 0, 0, 0], [0, 1], 0.01);
        Assert.Equal(10, some!.Diagonal(1), 1e-12);
        Assert.Equal(10, all!.Diagonal(0), 1e-12);
    }

    internal static double[] Gram(int features, int samples, int seed)
    {
        float[] x = TestWeights.Gaussian(features * samples, seed);
        double[] gram = new double[features * features];
        for (int i = 0; i < features; i++)
        {
            for (int j = i; j < features; j++)
            {
                gram[(i * features) + j] = Enumerable.Range(0, samples).Sum(s => (double)x[(s * features) + i] * x[(s * features) + j]);
            }
        }

        return gram;
    }

    /// <summary>H as the documentation of the factor defines it, written out.</summary>
    internal static double[] Damped(double[] gram, int[] order, double damping)
    {
        int size = order.Length;
        double mean = Enumerable.Range(0, size).Average(i => gram[(i * size) + i]);
        double[] h = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                int a = Math.Min(order[i], order[j]), b = Math.Max(order[i], order[j]);
                h[(i * size) + j] = (gram[(a * size) + b] / mean) + (i == j ? damping : 0);
            }
        }

        return h;
    }
}
