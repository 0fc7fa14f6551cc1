using System.Globalization;
using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Masks;

namespace BiMaskGen.Tool.GpuCheck;

/// <summary>What a released layer is made with.</summary>
internal sealed record InferenceCase(
    NMPattern Pattern, int OutFeatures, int InFeatures, int Rows, CudaType Weight, CudaType Compute, InferencePrecision Precision, Activation Activation, bool HasBias)
{
    /// <summary>What the numbers are a function of.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The layer.</summary>
    public CudaLayerSpec Spec => new("Demo.fc", Pattern, OutFeatures, InFeatures, Weight, Compute);

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Pattern} [{OutFeatures}, {InFeatures}] batch {Rows}, released in {Precision}, {Weight} weight, {Compute} products, {Activation}{(HasBias ? ", bias" : "")}");
}

/// <summary>
/// A released layer on a GPU: its output compared with masked dense arithmetic in float64 on the numbers that it multiplies, and, where those are quantised, with
/// the same on the numbers as they were.
/// </summary>
internal static class InferenceCheck
{
    // What quantising both operands may lose on normal numbers, relative to the size of the outputs, root of mean squares. A step of int8 is 1/127 of a row's largest
    // entry, about three times the others' size; a step of e4m3 is up to 1/8 of the number itself.
    private const double Int8Error = 0.02;
    private const double Float8Error = 0.06;

    // Tensor cores may add products of float8 up with fewer bits than fp32 has.
    private const double Float8SumError = 2e-3;

    /// <summary>Releases, runs, compares.</summary>
    /// <returns>The first difference, or null.</returns>
    public static string? Run(CudaRuntime runtime, CudaDevice device, InferenceCase c, nint stream)
    {
        float[] weight = DeviceMatrix.Rounded(c.Weight, RandomNumbers.Normal(c.OutFeatures * c.InFeatures, c.Seed)), masked = [.. weight];
        NMMask mask = new(c.OutFeatures, c.InFeatures);
        ForwardMask.Compute(c.Pattern, weight, c.OutFeatures, c.InFeatures, mask);
        for (int i = 0; i < masked.Length; i++)
        {
            // As a product with the mask leaves it: −0 where a weight below zero is pruned.
            masked[i] *= mask[i / c.InFeatures, i % c.InFeatures] ? 1 : 0;
        }

        ReleaseChoice choice;
        try
        {
            choice = ReleaseChoice.Of(runtime, device, c.Spec, c.Precision);
        }
        catch (NMSparsePrecisionException e)
        {
            return MayRefuse(runtime, device, c) ? null : e.Message;
        }

        using ReleasedOnCuda released = ReleasedOnCuda.Of(runtime, device, c.Spec, choice, masked, stream);
        CudaType type = released.InputType(c.Compute);
        using DeviceMatrix input = DeviceMatrix.Of(device, type, RandomNumbers.Normal(c.Rows * c.InFeatures, c.Seed + 2), stream);
        using DeviceMatrix bias = DeviceMatrix.Of(device, c.Weight, RandomNumbers.Normal(c.OutFeatures, c.Seed + 1), stream), output = new(device, type, c.Rows * c.OutFeatures, stream);
        CudaTensor x = new(input.Pointer, type, device.Ordinal, c.Rows, c.InFeatures), b = new(bias.Pointer, c.Weight, device.Ordinal, 1, c.OutFeatures);
        released.Forward(new ReleasedCall(x, output.Pointer, c.HasBias ? b : null, default, c.Activation, stream));
        return Compare(c, choice.Operand, masked, input.Values, c.HasBias ? bias.Values : null, type, output.Values);
    }

    private static bool MayRefuse(CudaRuntime runtime, CudaDevice device, InferenceCase c)
    {
        CudaType type = c.Precision == InferencePrecision.Int8 ? CudaType.I8 : CudaType.E4M3;
        return TensorCores.Refusal(c.Pattern, c.Spec.Forward(TensorCores.QuantizedDenseMultiple), type) is not null
            || QuantizedCores.Refusal(type, (device.Major, device.Minor), runtime.HasCusparseLt ? runtime.CusparseLt.Version : null) is not null;
    }

    private static string? Compare(InferenceCase c, CudaType operand, float[] weight, float[] input, float[]? bias, CudaType type, float[] actual)
    {
        // A product rounds its bias to its own type, one that is scaled back does not.
        float[]? rounded = bias is null || operand.IsQuantized() ? bias : DeviceMatrix.Rounded(operand, bias);
        double[] z = operand.IsQuantized()
            ? Quantized(c, operand, weight, input)
            : Product(c, DeviceMatrix.Rounded(operand, weight), input);
        AddBias(z, rounded);
        double[] expected = [.. z.Select(v => ActivationReference.Value(c.Activation, v))];
        double size = Math.Sqrt(c.InFeatures);
        string? difference = operand == CudaType.E4M3
            ? StepCheck.Difference(expected, actual, type, size, "y", z, Float8SumError)
            : StepCheck.Difference(expected, actual, type, size, "y", z);
        return difference ?? (operand.IsQuantized() ? Loss(c, operand, weight, input, bias, actual) : null);
    }

    private static double[] Quantized(InferenceCase c, CudaType operand, float[] weight, float[] input)
    {
        (byte[] w, float[] weightScales) = QuantizedReference.Rows(operand, weight, c.InFeatures);
        (byte[] x, float[] tokenScales) = QuantizedReference.Rows(operand, input, c.InFeatures);
        double[] z = Product(c, [.. w.Select(code => QuantizedReference.Value(operand, code))], [.. x.Select(code => QuantizedReference.Value(operand, code))]);
        for (int i = 0; i < z.Length; i++)
        {
            z[i] *= (double)weightScales[i % c.OutFeatures] * tokenScales[i / c.OutFeatures];
        }

        return z;
    }

    // Before the activation, which could hide a loss; so only where there is none.
    private static string? Loss(InferenceCase c, CudaType operand, float[] weight, float[] input, float[]? bias, float[] actual)
    {
        if (c.Activation != Activation.None)
        {
            return null;
        }

        double[] exact = Product(c, weight, input);
        double size = Math.Sqrt(exact.Average(v => v * v)), allowed = operand == CudaType.I8 ? Int8Error : Float8Error;
        AddBias(exact, bias);
        double loss = Math.Sqrt(exact.Zip(actual, (e, a) => (a - e) * (a - e)).Average()) / size;
        return loss <= allowed ? null : string.Create(CultureInfo.InvariantCulture, $"y: quantising lost {loss:P2} of it, more than {allowed:P0}");
    }

    private static double[] Product(InferenceCase c, float[] weight, float[] input) =>
        StepCheck.Product(input, c.Rows, c.InFeatures, (row, k) => weight[(row * c.InFeatures) + k], c.OutFeatures);

    private static void AddBias(double[] z, float[]? bias)
    {
        for (int i = 0; bias is not null && i < z.Length; i++)
        {
            z[i] += bias[i % bias.Length];
        }
    }
}
