using System.Runtime.InteropServices;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>Starts the kernels of quantised inference. Matrices have no gaps; addresses are the GPU's. Nothing here waits for the GPU.</summary>
/// <param name="launcher">Where they run.</param>
internal readonly struct InferenceKernels(IKernelLauncher launcher)
{
    /// <summary>Quantises the rows of a matrix, each by its largest entry.</summary>
    /// <param name="source">[rows, columns].</param>
    /// <param name="sourceType">Its type.</param>
    /// <param name="codes">[all, columns], written; rows that the source has not are zero.</param>
    /// <param name="operandType">What the codes are: int8 or e4m3.</param>
    /// <param name="scales">fp32 [all], written: an entry is its code times its row's scale. NaN for a row that holds NaN or infinity.</param>
    /// <param name="shape">Rows and columns of the source.</param>
    /// <param name="all">Rows of the result.</param>
    public void Quantize(ulong source, CudaType sourceType, ulong codes, CudaType operandType, ulong scales, (int Rows, int Columns) shape, int all)
    {
        QuantizeArguments arguments = new()
        {
            Source = source,
            Codes = codes,
            Scales = scales,
            Rows = shape.Rows,
            Columns = shape.Columns,
            WholeColumns = LaunchPlan.IsWhole(shape.Columns, source, codes) ? 1 : 0,
        };
        launcher.Launch(KernelVariant.Quantize(sourceType, operandType), arguments, (all, 1));
    }

    /// <summary>y = activation(sums ⊙ (token scale × weight scale) + bias).</summary>
    /// <param name="sums">[rows, columns], as the product has written them.</param>
    /// <param name="sumType">int32, or fp32.</param>
    /// <param name="scales">fp32 of the weight's rows [columns], and of the batch's [rows].</param>
    /// <param name="bias">[columns], or 0.</param>
    /// <param name="biasType">Its type.</param>
    /// <param name="output">y [rows, columns], written.</param>
    /// <param name="outputType">Its type.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="shape">Rows of the batch and out_features.</param>
    public void Rescale(
        ulong sums, CudaType sumType, (ulong Weight, ulong Tokens) scales, ulong bias, CudaType biasType, ulong output, CudaType outputType,
        Activation activation, (int Rows, int Columns) shape)
    {
        RescaleArguments arguments = new()
        {
            Sums = sums,
            WeightScales = scales.Weight,
            TokenScales = scales.Tokens,
            Bias = bias,
            Output = output,
            Rows = shape.Rows,
            Columns = shape.Columns,
            WholeColumns = LaunchPlan.IsWhole(shape.Columns, sums, output) ? 1 : 0,
        };
        launcher.Launch(
            KernelVariant.Rescale(sumType, biasType, outputType, activation), arguments, LaunchPlan.Strips(sumType, shape.Rows, shape.Columns));
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct QuantizeArguments
    {
        public ulong Source;
        public ulong Codes;
        public ulong Scales;
        public int Rows;
        public int Columns;
        public int WholeColumns;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct RescaleArguments
    {
        public ulong Sums;
        public ulong WeightScales;
        public ulong TokenScales;
        public ulong Bias;
        public ulong Output;
        public int Rows;
        public int Columns;
        public int WholeColumns;
    }
}
