using BiMaskGen.Checkpoints;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Checkpoints;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Target => _folder["a.bin"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheOldFileStandsUntilTheCommit(bool durable)
    {
        File.WriteAllBytes(Target, [1]);
        using (AtomicFile file = AtomicFile.Create(Target))
        {
            file.Write([2, 3], 0);
            Assert.Equal([1], File.ReadAllBytes(Target));
            file.Commit(durable);
        }

        Assert.Equal([2, 3], File.ReadAllBytes(Target));
        Assert.Equal(["a.bin"], _folder.Files);
    }

    [Fact]
    public void DisposedWithoutCommitItWasNeverThere()
    {
        using (AtomicFile file = AtomicFile.Create(Target))
        {
            file.Write([2, 3], 0);
        }

        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void AFailedCommitLeavesNoDraft()
    {
        Directory.CreateDirectory(Target);
        using (AtomicFile file = AtomicFile.Create(Target))
        {
            Assert.ThrowsAny<SystemException>(() => file.Commit(durable: false));
        }

        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void DraftsWithoutAWriterAreRemoved_ThoseOfALivingOneAndOtherFilesAreNot()
    {
        // No process has this number.
        string unique = $"{Guid.NewGuid():N}", gone = $"{int.MaxValue}.{unique}.tmp";
        string left = _folder.Write($"a.bin.{gone}", [1]), open = _folder.Write($"a.bin.{int.MaxValue}.{Guid.NewGuid():N}.tmp", [1]);
        string[] foreign =
        [
            _folder.Write("a.bin.tmp", [1]), _folder.Write($"a.bin.{unique}.tmp", [1]), _folder.Write($"a.bin.-1.{unique}.tmp", [1]),
            _folder.Write($"a.bin.{int.MaxValue}.{Guid.NewGuid():D}.tmp", [1]), _folder.Write($"a.bin.{Environment.ProcessId}.{unique}.tmp", [1]),
            _folder.Write($"b.bin.{gone}", [1]), _folder.Write($"xa.bin.{gone}", [1]), _folder.Write($"a.bin.{gone}.tmp", [1]), open,
        ];
        using SafeFileHandle held = File.OpenHandle(open, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        using AtomicFile living = AtomicFile.Create(Target);
        Assert.False(File.Exists(left));
        using AtomicFile second = AtomicFile.Create(Target);
        Assert.All(foreign, f => Assert.True(File.Exists(f)));
        Assert.Equal(foreign.Length + 2, _folder.Files.Length);
        living.Write([1], 0);
        living.Commit(durable: false);
        second.Write([2], 0);
        second.Commit(durable: false);
        Assert.Equal([2], File.ReadAllBytes(Target));
    }

    [Fact]
    public void ManyWritersOfOneFile_TheLastToCommitWins_AndEveryFileIsWhole()
    {
        Parallel.For(0, 64, i =>
        {
            using AtomicFile file = AtomicFile.Create(Target);
            byte[] content = new byte[5000];
            Array.Fill(content, (byte)i);
            file.Write(content.AsSpan(0, 2500), 0);
            file.Write(content.AsSpan(2500), 2500);
            file.Commit(durable: false);
            byte[] there = File.ReadAllBytes(Target);
            Assert.Equal(5000, there.Length);
            Assert.Single(there.Distinct());
        });
        Assert.Equal(["a.bin"], _folder.Files);
    }

    [Fact]
    public void ASymbolicLinkStaysOne_AndPermissionsStay()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string link = _folder["link.bin"];
        File.WriteAllBytes(Target, [1]);
        File.SetUnixFileMode(Target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(link, Target);
        using (AtomicFile file = AtomicFile.Create(link))
        {
            file.Write([9], 0);
            file.Commit(durable: true);
        }

        Assert.NotNull(new FileInfo(link).LinkTarget);
        Assert.Equal([9], File.ReadAllBytes(Target));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Target));
    }
}
