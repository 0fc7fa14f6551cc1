using BiMaskGen.Training;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Training;

public class WeightFingerprintTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(1000)]
    public void AnyChangeOfOneEntryShows(int length)
    {
        float[] values = Values(length);
        ulong before = WeightFingerprint.Of(values);
        Assert.Equal(before, WeightFingerprint.Of((float[])values.Clone()));
        for (int i = 0; i < length; i++)
        {
            float kept = values[i];
            values[i] = MathF.BitIncrement(kept);
            Assert.NotEqual(before, WeightFingerprint.Of(values));
            values[i] = -kept;
            Assert.NotEqual(before, WeightFingerprint.Of(values));
            values[i] = kept;
        }

        Assert.Equal(before, WeightFingerprint.Of(values));
    }

    [Fact]
    public void SwappingTwoEntriesShows()
    {
        float[] values = Values(96);
        ulong before = WeightFingerprint.Of(values);
        for (int i = 0; i < values.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                (values[i], values[j]) = (values[j], values[i]);
                Assert.NotEqual(before, WeightFingerprint.Of(values));
                (values[i], values[j]) = (values[j], values[i]);
            }
        }
    }

    [Fact]
    public void LengthShows() => Assert.NotEqual(WeightFingerprint.Of(new float[32]), WeightFingerprint.Of(new float[64]));

    [Fact]
    public void TheValueDoesNotDependOnTheVectorWidth()
    {
        // Computed by hand from the definition: lanes of 32 words, two states each, folded in order.
        float[] values = Values(70);
        Assert.Equal(Definition(values), WeightFingerprint.Of(values));
    }

    private static float[] Values(int length)
    {
        var random = new Random(length);
        return [.. Enumerable.Range(0, length).Select(_ => (random.NextSingle() * 2) + 0.1f)];
    }

    private static ulong Definition(float[] values)
    {
        uint[] words = [.. values.Select(BitConverter.SingleToUInt32Bits)];
        uint[] a = new uint[32], b = new uint[32];
        for (int lane = 0; lane < 32; lane++)
        {
            a[lane] = lane < 16 ? 1u : 2u;
            b[lane] = lane < 16 ? 3u : 4u;
        }

        int whole = words.Length / 32 * 32;
        for (int i = 0; i < whole; i++)
        {
            a[i % 32] = (a[i % 32] ^ words[i]) * 0x9E3779B1;
            b[i % 32] = (b[i % 32] ^ words[i]) * 0x85EBCA77;
        }

        ulong hash = Mix((ulong)words.Length);
        for (int lane = 0; lane < 32; lane++)
        {
            hash = Mix(hash ^ (((ulong)a[lane] << 32) | b[lane]));
        }

        for (int i = whole; i < words.Length; i++)
        {
            hash = Mix(hash ^ words[i]);
        }

        return hash;
    }

    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
