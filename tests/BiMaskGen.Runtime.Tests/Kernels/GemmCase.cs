using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Runtime.Tests.Kernels;

/// <summary>One dense product with operands, leading dimensions longer than the rows, and its reference in double.</summary>
internal sealed unsafe class GemmCase(bool transposeA, bool transposeB, int m, int n, int k, float alpha = 1, float beta = 0)
{
    private const int Pad = 3;

    private readonly int _lda = (transposeA ? m : k) + Pad;
    private readonly int _ldb = (transposeB ? k : n) + Pad;
    private readonly int _ldc = n + Pad;

    public float[] A { get; } = Data.Random((transposeA ? k : m) * ((transposeA ? m : k) + Pad), 1);

    public float[] B { get; } = Data.Random((transposeB ? n : k) * ((transposeB ? k : n) + Pad), 2);

    public float[] Before { get; } = Data.Random(m * (n + Pad), 3);

    public float[] Bias { get; } = Data.Random(n, 4);

    public override string ToString() => $"{(transposeA ? "T" : "N")}{(transposeB ? "T" : "N")} {m}x{n}x{k} alpha {alpha} beta {beta}";

    public float[] Run(Activation activation = Activation.None, bool withBias = false, float[]? preActivation = null)
    {
        var c = (float[])Before.Clone();
        fixed (float* a = A, b = B, y = c, bias = Bias, z = preActivation)
        {
            Epilogue epilogue = new(withBias ? bias : null, activation, z);
            Gemm.Multiply(transposeA, transposeB, m, n, k, alpha, a, _lda, b, _ldb, beta, y, _ldc, epilogue);
        }

        return c;
    }

    /// <summary>Compares every entry of C with the reference, and every entry between the rows with what was there before.</summary>
    public void Check(float[] actual, Activation activation = Activation.None, bool withBias = false)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = 0;
                for (int p = 0; p < k; p++)
                {
                    double left = transposeA ? A[(p * _lda) + i] : A[(i * _lda) + p];
                    double right = transposeB ? B[(j * _ldb) + p] : B[(p * _ldb) + j];
                    sum += left * right;
                }

                double z = (alpha * sum) + (beta == 0 ? 0 : beta * Before[(i * _ldc) + j]) + (withBias ? Bias[j] : 0);
                Data.AssertClose(Data.Activate(activation, z), actual[(i * _ldc) + j], k, $"{this} [{i}, {j}]");
            }

            Xunit.Assert.Equal(Before.AsSpan((i * _ldc) + n, Pad), actual.AsSpan((i * _ldc) + n, Pad));
        }
    }
}
