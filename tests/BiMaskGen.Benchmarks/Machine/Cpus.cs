using System.Globalization;

namespace BiMaskGen.Benchmarks.Machine;

/// <summary>
/// Holds the process to as many CPUs as a row has threads. Every thread is pinned, not only the caller: worker threads of .NET do not
/// inherit the affinity of the thread that starts them, those of the libraries do.
/// </summary>
internal static unsafe class Cpus
{
    private const int Words = 16;

    /// <summary>The CPUs that the process was given, ascending; read before anything is pinned.</summary>
    internal static int[] Allowed { get; } = ReadAllowed();

    /// <summary>Whether this system can pin threads.</summary>
    internal static bool CanPin => OperatingSystem.IsLinux();

    /// <summary>Pins every thread there is now to the last <paramref name="count"/> CPUs: the first one serves most interrupts.</summary>
    internal static void Pin(int count)
    {
        if (!CanPin)
        {
            return;
        }

        ulong* mask = stackalloc ulong[Words];
        new Span<ulong>(mask, Words).Clear();
        foreach (int cpu in Allowed[^count..])
        {
            mask[cpu / 64] |= 1ul << (cpu % 64);
        }

        foreach (string task in Directory.GetDirectories("/proc/self/task"))
        {
            // A thread may end between listing and pinning; only the caller is sure to be there.
            _ = Libc.SetAffinity(int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture), Words * sizeof(ulong), mask);
        }

        if (Libc.SetAffinity(0, Words * sizeof(ulong), mask) != 0)
        {
            throw new InvalidOperationException($"sched_setaffinity to {count} CPUs failed.");
        }
    }

    private static int[] ReadAllowed()
    {
        if (!CanPin)
        {
            return [.. Enumerable.Range(0, Environment.ProcessorCount)];
        }

        ulong* mask = stackalloc ulong[Words];
        new Span<ulong>(mask, Words).Clear();
        if (Libc.GetAffinity(0, Words * sizeof(ulong), mask) < 0)
        {
            throw new InvalidOperationException("sched_getaffinity failed.");
        }

        var cpus = new List<int>();
        for (int cpu = 0; cpu < Words * 64; cpu++)
        {
            if ((mask[cpu / 64] >> (cpu % 64) & 1) != 0)
            {
                cpus.Add(cpu);
            }
        }

        return [.. cpus];
    }
}
