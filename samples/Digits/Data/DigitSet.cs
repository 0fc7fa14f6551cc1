using static TorchSharp.torch;

namespace Digits;

/// <summary>Images of 8×8 pixels, each 0..16, and their classes.</summary>
internal sealed class DigitSet
{
    public const int Side = 8, Pixels = Side * Side, Classes = 10, Brightest = 16;

    /// <param name="images">Rows of <see cref="Pixels"/> values.</param>
    /// <param name="labels">The class of each row.</param>
    public DigitSet(IReadOnlyList<byte[]> images, IReadOnlyList<int> labels)
    {
        float[,] inputs = new float[images.Count, Pixels];
        for (int i = 0; i < images.Count; i++)
        {
            for (int p = 0; p < Pixels; p++)
            {
                inputs[i, p] = (images[i][p] / (float)Brightest) - 0.5f;
            }
        }

        Count = images.Count;
        Inputs = tensor(inputs);
        Labels = tensor(labels.Select(l => (long)l).ToArray());
    }

    public int Count { get; }

    /// <summary>[count, 64], from −0.5 to 0.5.</summary>
    public Tensor Inputs { get; }

    /// <summary>[count], 0..9.</summary>
    public Tensor Labels { get; }
}
