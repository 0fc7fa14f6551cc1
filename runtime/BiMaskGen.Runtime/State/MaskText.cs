using System.Buffers.Binary;
using System.Numerics;
using BiMaskGen.Masks;

namespace BiMaskGen;

/// <summary>A mask as a state file holds it: the words of its rows, little-endian, in base 64.</summary>
internal static class MaskText
{
    /// <summary>Writes a mask.</summary>
    public static string Of(NMMask mask)
    {
        byte[] bytes = new byte[mask.Words.Length * sizeof(ulong)];
        for (int i = 0; i < mask.Words.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)), mask.Words[i]);
        }

        return Convert.ToBase64String(bytes);
    }

    /// <summary>Reads a mask that <see cref="Problem"/> found nothing wrong with.</summary>
    public static NMMask Read(string text, int rows, int columns)
    {
        byte[] bytes = Convert.FromBase64String(text);
        var mask = new NMMask(rows, columns);
        for (int i = 0; i < mask.Words.Length; i++)
        {
            mask.Words[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)));
        }

        return mask;
    }

    /// <summary>What is wrong with a text that should be a mask, or null.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pattern">What it holds at most along in_features.</param>
    /// <param name="rows">out_features.</param>
    /// <param name="columns">in_features.</param>
    /// <param name="bothAxes">Whether it holds the pattern along out_features too.</param>
    public static string? Problem(string text, NMPattern pattern, int rows, int columns, bool bothAxes)
    {
        byte[] bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out int length))
        {
            return "the mask is not in base 64";
        }

        int expected = rows * ((columns + 63) / 64) * sizeof(ulong);
        if (length != expected)
        {
            return $"the mask has {length} bytes, one of [{rows}, {columns}] has {expected}";
        }

        NMMask mask = Read(text, rows, columns), all = new(rows, columns);
        all.Fill();
        for (int i = 0; i < mask.Words.Length; i++)
        {
            if ((mask.Words[i] & ~all.Words[i]) != 0)
            {
                return $"the mask of [{rows}, {columns}] has entries past its last column";
            }
        }

        return Along(mask, pattern) ?? (bothAxes ? Across(mask, pattern) : null);
    }

    private static unsafe string? Along(NMMask mask, NMPattern pattern)
    {
        for (int row = 0; row < mask.Rows; row++)
        {
            fixed (ulong* words = mask.Row(row))
            {
                for (int first = 0; first < mask.Columns; first += pattern.M)
                {
                    int kept = BitOperations.PopCount(MaskBits.Read(words, first, Math.Min(pattern.M, mask.Columns - first)));
                    if (kept > pattern.N)
                    {
                        return $"the mask keeps {kept} in row {row} from column {first} on, not {pattern}";
                    }
                }
            }
        }

        return null;
    }

    private static string? Across(NMMask mask, NMPattern pattern)
    {
        int[] kept = new int[mask.Columns];
        for (int row = 0; row < mask.Rows; row++)
        {
            if (row % pattern.M == 0)
            {
                kept.AsSpan().Clear();
            }

            for (int column = 0; column < mask.Columns; column++)
            {
                kept[column] += mask[row, column] ? 1 : 0;
                if (kept[column] > pattern.N)
                {
                    return $"the mask keeps {kept[column]} in column {column} from row {row / pattern.M * pattern.M} on, not {pattern}";
                }
            }
        }

        return null;
    }
}
