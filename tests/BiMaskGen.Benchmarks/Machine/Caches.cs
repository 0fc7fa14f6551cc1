using System.Globalization;

namespace BiMaskGen.Benchmarks.Machine;

/// <summary>How large the caches are, so that a working set can be made larger.</summary>
internal static class Caches
{
    private const long Unknown = 64L << 20;

    /// <summary>Bytes of the largest cache; 64 MiB where the system does not tell.</summary>
    internal static long Largest { get; } = Read();

    private static long Read()
    {
        const string Folder = "/sys/devices/system/cpu/cpu0/cache";
        if (!Directory.Exists(Folder))
        {
            return Unknown;
        }

        long largest = 0;
        foreach (string file in Directory.GetDirectories(Folder, "index*").Select(f => Path.Combine(f, "size")).Where(File.Exists))
        {
            string text = File.ReadAllText(file).Trim();
            long unit = text[^1] switch { 'K' => 1L << 10, 'M' => 1L << 20, 'G' => 1L << 30, _ => 1 };
            if (long.TryParse(unit == 1 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long count))
            {
                largest = Math.Max(largest, count * unit);
            }
        }

        return largest > 0 ? largest : Unknown;
    }
}
