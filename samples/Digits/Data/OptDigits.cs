using System.Globalization;

namespace Digits;

/// <summary>Reads the files of "Optical Recognition of Handwritten Digits" (UCI): 64 pixels and the class, comma separated.</summary>
internal static class OptDigits
{
    /// <exception cref="InvalidDataException">A line is no image; the message names it.</exception>
    public static DigitSet Read(FileInfo file)
    {
        List<byte[]> images = [];
        List<int> labels = [];
        int line = 0;
        foreach (string text in File.ReadLines(file.FullName))
        {
            line++;
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            string[] cells = text.Split(',');
            if (cells.Length != DigitSet.Pixels + 1)
            {
                throw new InvalidDataException($"{file.Name}, line {line}: {cells.Length} columns, expected {DigitSet.Pixels} pixels and a class.");
            }

            byte[] values = new byte[cells.Length];
            for (int c = 0; c < cells.Length; c++)
            {
                int limit = c < DigitSet.Pixels ? DigitSet.Brightest : DigitSet.Classes - 1;
                if (!byte.TryParse(cells[c], NumberStyles.Integer, CultureInfo.InvariantCulture, out values[c]) || values[c] > limit)
                {
                    throw new InvalidDataException($"{file.Name}, line {line}, column {c + 1}: '{cells[c]}' is no number from 0 to {limit}.");
                }
            }

            images.Add(values[..DigitSet.Pixels]);
            labels.Add(values[^1]);
        }

        return images.Count > 0 ? new DigitSet(images, labels) : throw new InvalidDataException($"{file.Name} holds no image.");
    }
}
