using System.Diagnostics;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Checkpoints;

/// <summary>A writer that dies at any moment leaves the old file or the new one, whole.</summary>
public sealed class KilledWriterTests : IDisposable
{
    private const int Kills = 200;
    private const int LeastMidWrite = 50;
    private const int Lanes = 2;

    private static readonly string[] s_kinds = ["safetensors", "packed", "dat"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void KilledTwoHundredTimes_TheFileIsAlwaysWhole()
    {
        int midWrite = 0;
        Parallel.For(0, Lanes, new ParallelOptions { MaxDegreeOfParallelism = Lanes }, lane =>
        {
            int found = RunLane(lane);
            Interlocked.Add(ref midWrite, found);
        });
        Assert.InRange(midWrite, LeastMidWrite, Kills);
    }

    /// <summary>Kills one writer after another, each going on where the last one was.</summary>
    /// <returns>How many of them died with a draft begun and not yet committed.</returns>
    private int RunLane(int lane)
    {
        var random = new Random(lane);
        int midWrite = 0;
        foreach (string kind in s_kinds)
        {
            string name = $"{lane}.{kind}", path = _folder[name];
            KilledWriter.Write(path, kind, version: 0, durable: false, () => { });
            long version = 0;
            for (int kill = 0; kill < KillsOf(kind); kill++)
            {
                // Each writer begins where no other one was: so the version tells whose file it is.
                long first = (kill + 1) * 1_000_000L;
                int chunks = random.Next(1, 3 * KilledWriter.Chunks);
                Kill(path, kind, first, durable: kill % 10 == 0, chunks);
                midWrite += _folder.Files.Any(f => f.StartsWith($"{name}.", StringComparison.Ordinal)) ? 1 : 0;

                // Whole (Read checks every byte), and either of the writer just killed and no older than the last version that its reports
                // prove committed, or, if they prove none, what was there before.
                long there = KilledWriter.Read(path, kind);
                int committed = (chunks - 1) / KilledWriter.Chunks;
                Assert.True(
                    there >= first ? there >= first + committed - 1 : there == version && committed == 0,
                    $"{kind}: version {there} after {version}, and {chunks} chunks from {first} on");
                version = there;
            }
        }

        return midWrite;
    }

    private static int KillsOf(string kind) => kind switch
    {
        "safetensors" => (Kills / Lanes) - (2 * (Kills / Lanes / s_kinds.Length)),
        _ => Kills / Lanes / s_kinds.Length,
    };

    /// <summary>Starts a writer, and kills it as soon as it has reported so many chunks.</summary>
    private static void Kill(string path, string kind, long version, bool durable, int chunks)
    {
        using Process process = Start(path, kind, version, durable);
        try
        {
            Stream reports = process.StandardOutput.BaseStream;
            for (int i = 0; i < chunks; i++)
            {
                Assert.True(reports.ReadByte() == 1, "The writer ended by itself.");
            }
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    private static Process Start(string path, string kind, long version, bool durable)
    {
        string host = Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var start = new ProcessStartInfo(host, ["exec", typeof(KilledWriter).Assembly.Location, path, kind, $"{version}", $"{durable}"])
        {
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }
}
