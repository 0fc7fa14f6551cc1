namespace BiMaskGen.Benchmarks.Sparsifying;

/// <summary>Watches the private resident memory of this process: heap and stacks, not the pages of mapped files. Linux alone tells it.</summary>
internal sealed class PrivateMemory : IDisposable
{
    private const int Interval = 2;

    private readonly Thread _watch;
    private volatile bool _done;

    internal PrivateMemory()
    {
        _watch = new Thread(() =>
        {
            while (!_done)
            {
                Peak = Math.Max(Peak, Now());
                Thread.Sleep(Interval);
            }
        });
        _watch.Start();
    }

    /// <summary>The most bytes seen so far.</summary>
    internal long Peak { get; private set; }

    public void Dispose()
    {
        _done = true;
        _watch.Join();
    }

    private static long Now()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) * 1024;
    }
}
