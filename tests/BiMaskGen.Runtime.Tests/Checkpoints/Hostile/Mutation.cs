using System.Text;

namespace BiMaskGen.Runtime.Tests.Checkpoints;

/// <summary>Ways to damage a file, a function of the seed.</summary>
internal static class Mutation
{
    private static readonly string[] s_words =
    [
        "0", "1", "-1", "8", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551615", "1e9", "0.5", "null", "true",
        "\"\"", "[]", "{}", "[[]]", "\"F32\"", "\"F64\"", "\"U8\"", "\"F4\"", "\"I32\"", "\"BF16\"", "\"shape\"", "\"dtype\"", "\"data_offsets\"",
        "\"__metadata__\"", "\\ud800", "\\u0000", ",", ":", "{", "}", "[", "]", "\"", " ", "\n",
    ];

    /// <summary>One to three changes of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="header">Bytes at its beginning on which half of the changes fall.</param>
    /// <param name="random">The source of chance.</param>
    public static byte[] Apply(byte[] file, int header, Random random)
    {
        var bytes = new List<byte>(file);
        for (int changes = random.Next(3) == 0 ? random.Next(2, 4) : 1; changes > 0; changes--)
        {
            Change(bytes, header, random);
        }

        return [.. bytes];
    }

    private static void Change(List<byte> bytes, int header, Random random)
    {
        int place = random.Next(random.Next(2) == 0 ? Math.Min(header, bytes.Count) : bytes.Count + 1);
        switch (random.Next(20))
        {
            case 0:
                bytes.RemoveRange(place, bytes.Count - place);
                break;
            case 1:
                bytes.AddRange(Random(random, random.Next(1, 20)));
                break;
            case 2:
                bytes.InsertRange(place, Random(random, random.Next(1, 9)));
                break;
            case 3:
                bytes.RemoveRange(place, Math.Min(random.Next(1, 9), bytes.Count - place));
                break;
            case 4:
                Overwrite(bytes, place, Random(random, random.Next(1, 9)));
                break;
            case 5:
                // A part of the file over another.
                int from = random.Next(bytes.Count + 1), length = Math.Min(random.Next(1, 80), bytes.Count - from);
                Overwrite(bytes, place, [.. bytes.GetRange(from, length)]);
                break;
            case 6:
                // The length of a header, whatever stands there in other formats.
                Overwrite(bytes, 0, BitConverter.GetBytes(random.Next(4) == 0 ? random.NextInt64() : random.Next(bytes.Count + 40)));
                break;
            case 7:
            case 8:
                ReplaceNumber(bytes, place, random);
                break;
            case 9:
                Overwrite(bytes, place, Encoding.UTF8.GetBytes(s_words[random.Next(s_words.Length)]));
                break;
            default:
                if (place < bytes.Count)
                {
                    bytes[place] ^= (byte)(1 << random.Next(8));
                }

                break;
        }
    }

    /// <summary>Another word in place of the next run of digits; the header's length follows if it is right before.</summary>
    private static void ReplaceNumber(List<byte> bytes, int place, Random random)
    {
        int first = bytes.FindIndex(place, b => char.IsAsciiDigit((char)b));
        if (first < 0)
        {
            return;
        }

        int end = first;
        while (end < bytes.Count && char.IsAsciiDigit((char)bytes[end]))
        {
            end++;
        }

        byte[] word = Encoding.UTF8.GetBytes(random.Next(2) == 0 ? $"{random.Next(300)}" : s_words[random.Next(s_words.Length)]);
        bytes.RemoveRange(first, end - first);
        bytes.InsertRange(first, word);
        if (bytes.Count >= 8 && random.Next(4) != 0)
        {
            long length = BitConverter.ToInt64([.. bytes.GetRange(0, 8)]) + word.Length - (end - first);
            Overwrite(bytes, 0, BitConverter.GetBytes(length));
        }
    }

    private static void Overwrite(List<byte> bytes, int place, byte[] with)
    {
        for (int i = 0; i < with.Length && place + i < bytes.Count; i++)
        {
            bytes[place + i] = with[i];
        }
    }

    private static byte[] Random(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
