using System.Globalization;
using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Masks;
using BiMaskGen.Permutations;

namespace BiMaskGen.Tool.GpuCheck;

/// <summary>What a step of one layer is made with.</summary>
internal sealed record StepCase(NMPattern Pattern, int OutFeatures, int InFeatures, int Rows, CudaType Weight, CudaType Compute, Activation Activation, bool HasBias)
{
    /// <summary>λ, larger than in training, so that it shows.</summary>
    public const float Decay = 0.125f;

    /// <summary>What the method makes of the weight; Bi-Mask's unless said.</summary>
    public OperandForm Form { get; init; } = OperandForm.BiMask(Pattern);

    /// <summary>What the method does to dW.</summary>
    public PrunedEntries Pruned { get; init; } = PrunedEntries.Decaying(Decay);

    /// <summary>The sample of the gradient that dW is made of, if of one.</summary>
    public BatchSample? Sample { get; init; }

    /// <summary>What the numbers are a function of.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The layer.</summary>
    public CudaLayerSpec Spec => new("Demo.fc", Pattern, OutFeatures, InFeatures, Weight, Compute);
}

/// <summary>One training step of a layer: all its kernels and products on a GPU, compared with masked dense arithmetic in float64.</summary>
internal static class StepCheck
{
    // What fp32 sums of normal numbers lose, relative to the size that such a sum has.
    private const double SumError = 2e-6;

    /// <summary>Runs the step and compares.</summary>
    /// <returns>The first difference, or null.</returns>
    public static string? Run(CudaRuntime runtime, StepCase c, nint stream)
    {
        CudaDevice device = runtime.Device(0);
        int[] permutation = RandomNumbers.Permutation(c.OutFeatures, c.Seed);
        using CudaLinear layer = new(runtime, device, c.Spec);
        using DeviceMatrix weight = DeviceMatrix.Of(device, c.Weight, RandomNumbers.Normal(c.OutFeatures * c.InFeatures, c.Seed), stream);
        using DeviceMatrix bias = DeviceMatrix.Of(device, c.Weight, RandomNumbers.Normal(c.OutFeatures, c.Seed + 1), stream);
        using DeviceMatrix input = DeviceMatrix.Of(device, c.Compute, RandomNumbers.Normal(c.Rows * c.InFeatures, c.Seed + 2), stream);
        using DeviceMatrix gradient = DeviceMatrix.Of(device, c.Compute, RandomNumbers.Normal(c.Rows * c.OutFeatures, c.Seed + 3), stream);
        using DeviceMatrix output = new(device, c.Compute, c.Rows * c.OutFeatures, stream), before = new(device, c.Compute, c.Rows * c.OutFeatures, stream);
        using DeviceMatrix direct = new(device, c.Compute, c.Rows * c.OutFeatures, stream), permuted = new(device, c.Compute, c.Rows * c.OutFeatures, stream);
        using DeviceMatrix inputGradient = new(device, c.Compute, c.Rows * c.InFeatures, stream);
        using DeviceMatrix weightGradient = new(device, c.Weight, c.OutFeatures * c.InFeatures, stream), biasGradient = new(device, CudaType.F32, c.OutFeatures, stream);

        layer.SetPermutation(permutation, stream);
        OperandForm form = WithMask(c, weight);
        bool permutes = form.Backward != BackwardOperand.Forward;
        CudaOperands operands = layer.Prepare(form, weight.Pointer, c.HasBias ? bias.Pointer : 0, c.Weight, stream);
        try
        {
            bool keepsInput = c.Activation.KeepsInput();
            layer.Forward(operands, input.Pointer, output.Pointer, keepsInput ? before.Pointer : 0, c.Activation, c.Rows, training: true, stream);
            layer.Gradient(
                gradient.Pointer, c.Compute, (keepsInput ? before : output).Pointer, direct.Pointer, permutes ? permuted.Pointer : 0, c.Activation, c.Rows, stream);
            layer.BackwardInput(operands, (permutes ? permuted : direct).Pointer, inputGradient.Pointer, c.Rows, stream);
            layer.BackwardWeight(operands, direct.Pointer, input.Pointer, weightGradient.Pointer, weight.Pointer, c.Pruned, c.Sample, c.Rows, stream);
            layer.BackwardBias(direct.Pointer, biasGradient.Pointer, c.Rows, stream);
            layer.ThrowIfBad(operands);

            OperandReference reference = new(form, weight.Values, c.Spec.Shape, permutation);
            return CompareMask(layer, c, weight, stream) ?? Compare(
                c, reference, weight.Values, bias.Values, input.Values, output.Values, (keepsInput ? before : output).Values, gradient.Values,
                direct.Values, inputGradient.Values, weightGradient.Values, biasGradient.Values) ?? CompareCount(reference, operands);
        }
        finally
        {
            layer.Recycle(operands);
        }
    }

    private static string? CompareMask(CudaLinear layer, StepCase c, DeviceMatrix weight, nint stream)
    {
        NMMask expected = new(c.OutFeatures, c.InFeatures), actual = layer.ForwardMask(weight.Pointer, stream).Take();
        ForwardMask.Compute(c.Pattern, weight.Values, c.OutFeatures, c.InFeatures, expected);
        if (!actual.Words.SequenceEqual(expected.Words))
        {
            return "the forward mask differs from the CPU's";
        }

        if (c.Form.Forward != ForwardOperand.Kept || c.Pattern != new NMPattern(2, 4))
        {
            return null;
        }

        _ = TransposableMask.Run(c.Pattern, weight.Values, expected);
        return layer.TransposableMask(weight.Pointer, stream) is { } mask && mask.Words.SequenceEqual(expected.Words) ? null : "the transposable mask differs from the CPU's";
    }

    // A mask that stays was made of other weights than those it is applied to.
    private static OperandForm WithMask(StepCase c, DeviceMatrix weight)
    {
        if (c.Form.Forward != ForwardOperand.Kept)
        {
            return c.Form;
        }

        NMMask mask = new(c.OutFeatures, c.InFeatures);
        _ = TransposableMask.Run(c.Pattern, [.. weight.Values.Reverse()], mask);
        return c.Form with { Mask = mask };
    }

    private static string? CompareCount(OperandReference reference, CudaOperands operands)
    {
        long counted = operands.Read().Kept;
        return counted == reference.KeptBackward ? null : string.Create(CultureInfo.InvariantCulture, $"the backward mask has {counted} entries, expected {reference.KeptBackward}");
    }

    private static string? Compare(
        StepCase c, OperandReference reference, float[] w, float[] b, float[] x, float[] y, float[] saved, float[] g, float[] dz, float[] dx, float[] dw, float[] db)
    {
        (int o, int i, int rows) = (c.OutFeatures, c.InFeatures, c.Rows);

        // The products' operands are rounded to their type, as any product in that type rounds them.
        float[] forward = DeviceMatrix.Rounded(c.Compute, reference.Forward), backward = DeviceMatrix.Rounded(c.Compute, reference.Backward), bias = DeviceMatrix.Rounded(c.Compute, b);
        double[] z = Product(x, rows, i, (row, k) => forward[(row * i) + k], o);
        for (int at = 0; at < z.Length; at++)
        {
            z[at] += c.HasBias ? bias[at % o] : 0;
        }

        double[] output = [.. z.Select(v => ActivationReference.Value(c.Activation, v))];
        double[] through = [.. g.Select((v, at) => v * ActivationReference.Slope(c.Activation, saved[at]))];
        double[] inputGradient = Product(dz, rows, o, (row, k) => backward[(k * i) + row], i);

        float[] sampled = c.Sample is { } sample ? DeviceMatrix.Rounded(c.Compute, Sampled(sample, dz, rows, o)) : dz;
        double[] weightGradient = new double[o * i], biasGradient = new double[o];
        for (int batch = 0; batch < rows; batch++)
        {
            for (int row = 0; row < o; row++)
            {
                biasGradient[row] += dz[(batch * o) + row];
                for (int k = 0; k < i; k++)
                {
                    weightGradient[(row * i) + k] += (double)sampled[(batch * o) + row] * x[(batch * i) + k];
                }
            }
        }

        double[] product = [.. weightGradient];
        for (int at = 0; at < weightGradient.Length; at++)
        {
            weightGradient[at] = reference.Mask[at / i, at % i] ? product[at] : (c.Pruned.Scale * product[at]) + (c.Pruned.Decay * (double)w[at]);
        }

        return Difference(output, y, c.Compute, Math.Sqrt(i), "y", z)
            ?? Difference(through, dz, c.Compute, 1, "the gradient before the activation")
            ?? Difference(inputGradient, dx, c.Compute, Math.Sqrt(o), "dX")
            ?? Difference(weightGradient, dw, c.Weight, Math.Sqrt(rows), "dW", product)
            ?? Difference(biasGradient, db, CudaType.F32, Math.Sqrt(rows), "db");
    }

    // By the CPU's kernel, which draws the same.
    private static unsafe float[] Sampled(BatchSample sample, float[] g, int rows, int columns)
    {
        float[] result = new float[g.Length];
        SplitMix64 generator = new(sample.State);
        fixed (float* from = g, to = result)
        {
            if (sample.InPairs)
            {
                new GradientSample<SampledOneOfTwo>(from, rows, columns, generator).Write(to);
            }
            else
            {
                new GradientSample<SampledTwoOfFour>(from, rows, columns, generator).Write(to);
            }
        }

        return result;
    }

    /// <summary>B Aᵀ in float64, A by its entries.</summary>
    internal static double[] Product(float[] dense, int rows, int depth, Func<int, int, float> weight, int columns)
    {
        double[] result = new double[rows * columns];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                for (int k = 0; k < depth; k++)
                {
                    result[(row * columns) + column] += (double)dense[(row * depth) + k] * weight(column, k);
                }
            }
        }

        return result;
    }

    // Half of the type's last place of the result, and of what was rounded on the way to it; and what sums of this size lose.
    internal static string? Difference(double[] expected, float[] actual, CudaType type, double size, string what, double[]? between = null, double sumError = SumError)
    {
        double relative = type switch { CudaType.F32 => 4e-6, CudaType.F16 => 5e-4, _ => 4e-3 };
        for (int i = 0; i < expected.Length; i++)
        {
            double allowed = (relative * (Math.Abs(expected[i]) + Math.Abs(between?[i] ?? 0) + (0.01 * size))) + (sumError * size);

            // Not the other way round: NaN is a difference too.
            if (!(Math.Abs(actual[i] - expected[i]) <= allowed))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{what}: entry {i} is {actual[i]}, expected {expected[i]} within {allowed}");
            }
        }

        return null;
    }
}
