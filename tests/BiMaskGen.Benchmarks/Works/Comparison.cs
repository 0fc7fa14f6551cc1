using System.Globalization;

namespace BiMaskGen.Benchmarks.Works;

/// <summary>Holds a result to a reference.</summary>
internal static class Comparison
{
    private const double Tolerance = 1e-4;

    /// <exception cref="InvalidDataException">An entry differs by more than 1e-4 of the largest one.</exception>
    internal static void Require(ReadOnlySpan<float> result, ReadOnlySpan<float> reference, string what)
    {
        float scale = 0, error = 0;
        for (int i = 0; i < reference.Length; i++)
        {
            scale = MathF.Max(scale, MathF.Abs(reference[i]));
            error = MathF.Max(error, MathF.Abs(result[i] - reference[i]));
        }

        if (!(error <= Tolerance * scale) || scale == 0)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{what} differs from our dense product by {error:g3}; the largest entry is {scale:g3}."));
        }
    }
}
