using System.Globalization;

namespace BiMaskGen.Checkpoints;

/// <summary>
/// The checkpoints of a run in a folder of their own, one folder "step-N" each. A checkpoint is several files (weights, optimizer, sparse state, generator),
/// which only belong together: they are written into a draft that takes its name when all of them are on the disk. So a process that dies at any moment
/// leaves the checkpoints that were there, and never half of one. One process at a time writes a series.
/// </summary>
public sealed class CheckpointSeries
{
    private const string Prefix = "step-", Draft = ".draft", Dropped = ".dropped";

    private readonly string _folder;
    private readonly int _keep;

    /// <summary>Opens a series.</summary>
    /// <param name="folder">Its folder; made by the first <see cref="Save"/> if it is not there.</param>
    /// <param name="keep">How many of the newest checkpoints stay.</param>
    /// <exception cref="ArgumentOutOfRangeException">None would stay.</exception>
    public CheckpointSeries(string folder, int keep = 2)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        (_folder, _keep) = (Path.GetFullPath(folder), keep);
    }

    /// <summary>The whole checkpoint with the highest step and its folder; null where there is none yet.</summary>
    public (long Step, string Folder)? Latest => All() is [.., var last] ? last : null;

    /// <summary>Writes a checkpoint, and then removes those that are too many and what killed processes left.</summary>
    /// <param name="step">Names it; higher than that of any other.</param>
    /// <param name="write">Writes its files into the folder that it gets.</param>
    /// <exception cref="ArgumentException">There is one of this step or a later one already.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="IOException">A file cannot be written; the checkpoints stay as they were.</exception>
    public void Save(long step, Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        if (Latest is { } latest && latest.Step >= step)
        {
            throw new ArgumentException($"{_folder} holds a checkpoint of step {latest.Step} already; a new one needs a higher step than {step}.", nameof(step));
        }

        Directory.CreateDirectory(_folder);
        RemoveLeftovers();
        string draft = Path.Combine(_folder, NameOf(step) + Draft);
        Directory.CreateDirectory(draft);
        try
        {
            write(draft);
            foreach (string file in Directory.EnumerateFiles(draft, "*", SearchOption.AllDirectories))
            {
                using FileStream open = new(file, FileMode.Open, FileAccess.ReadWrite);
                open.Flush(flushToDisk: true);
            }

            FolderSync.Flush(draft);
            Directory.Move(draft, Path.Combine(_folder, NameOf(step)));
            FolderSync.Flush(_folder);
        }
        catch
        {
            Directory.Delete(draft, recursive: true);
            throw;
        }

        foreach ((_, string old) in All().SkipLast(_keep))
        {
            // Renamed first: a process that dies while it deletes must not leave what looks whole.
            Directory.Move(old, old + Dropped);
            Directory.Delete(old + Dropped, recursive: true);
        }
    }

    private static string NameOf(long step) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step}");

    private List<(long Step, string Folder)> All() => !Directory.Exists(_folder)
        ? []
        : [.. from folder in Directory.EnumerateDirectories(_folder, Prefix + "*")
              let number = Path.GetFileName(folder)[Prefix.Length..]
              where long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _)
              let step = long.Parse(number, CultureInfo.InvariantCulture)
              orderby step
              select (step, folder)];

    private void RemoveLeftovers()
    {
        foreach (string folder in Directory.EnumerateDirectories(_folder, Prefix + "*").Where(f => f.EndsWith(Draft, StringComparison.Ordinal) || f.EndsWith(Dropped, StringComparison.Ordinal)))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
