using BiMaskGen.Benchmarks.Machine;
using BiMaskGen.Benchmarks.Measuring;

namespace BiMaskGen.Benchmarks.Works;

/// <summary>One product; every contender writes it to the same output.</summary>
internal sealed class ProductMeasurement(
    double flops, long bytes, Matrix output, IReadOnlyList<Contender> contenders, IReadOnlyList<Matrix> inputs) : Measurement
{
    internal override IReadOnlyList<Contender> Contenders { get; } = contenders;

    internal override double Flops { get; } = flops;

    internal override long Bytes { get; } = bytes;

    internal override void Check()
    {
        // The reference is our dense product: its own contender, or the subject where that is what the row measures.
        Contender reference = Contenders.FirstOrDefault(c => c.Role == Role.OwnDense) ?? Contenders[0];
        reference.Run();
        float[] expected = output.Span.ToArray();
        foreach (Contender contender in Contenders.Where(c => c != reference))
        {
            output.Span.Fill(float.NaN);
            contender.Run();
            Comparison.Require(output.Span, expected, contender.Name);
        }
    }

    public override void Dispose()
    {
        output.Dispose();
        foreach (Matrix input in inputs)
        {
            input.Dispose();
        }
    }
}
