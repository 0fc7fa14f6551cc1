using System.Runtime.InteropServices;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>One path that was tried for a library.</summary>
/// <param name="Path">The path, or the bare name that the system's loader was asked for.</param>
/// <param name="Place">What kind of place it is.</param>
/// <param name="Outcome">What came of it.</param>
internal sealed record LibraryAttempt(string Path, string Place, string Outcome)
{
    /// <summary>The outcome of the attempt that ended the search.</summary>
    public const string Loaded = "loaded";

    /// <summary>The outcome of a file, or a folder, that is not there.</summary>
    public const string Absent = "not there";
}

/// <summary>A library that was looked for.</summary>
/// <param name="Name">The library.</param>
/// <param name="Path">The file that was loaded, or null.</param>
/// <param name="Handle">Its handle for the rest of the process, 0 if there is none.</param>
/// <param name="Trace">Every path that was tried, in order.</param>
internal sealed record FoundLibrary(LibraryName Name, string? Path, nint Handle, IReadOnlyList<LibraryAttempt> Trace);

/// <summary>
/// Looks for native libraries: where BIMASK_CUDA_PATH says, among the modules that the process has loaded, in TorchSharp's native folders,
/// by the system's loader, where CUDA is installed, and where pip puts wheels. What it loads stays loaded: our function pointers live as long
/// as the process.
/// </summary>
internal static class LibrarySearch
{
    private const string LoadedModule = "loaded module";

    /// <summary>Looks for a library.</summary>
    /// <param name="name">The library.</param>
    /// <param name="refuse">Says why a library that did load cannot be used, or null; the search then goes on.</param>
    public static FoundLibrary Find(LibraryName name, Func<nint, string?>? refuse = null) =>
        Find(name, Environment.GetEnvironmentVariable(LibraryFolders.Variable), refuse);

    /// <summary>Looks for a library among the modules that the process has loaded, and nowhere else.</summary>
    public static FoundLibrary FindLoaded(LibraryName name) =>
        LoadedModules.Find(name) is { } path && TryLoad(path, out nint handle, out _)
            ? new FoundLibrary(name, path, handle, [new(path, LoadedModule, LibraryAttempt.Loaded)])
            : new FoundLibrary(name, null, 0, [new(name.Names[^1], LoadedModule, LibraryAttempt.Absent)]);

    /// <summary>Looks for a library, with another value of the variable.</summary>
    internal static FoundLibrary Find(LibraryName name, string? explicitFolders, Func<nint, string?>? refuse = null)
    {
        List<LibraryAttempt> trace = [];
        foreach ((string path, string place) in Candidates(name, explicitFolders, trace))
        {
            if (!TryLoad(path, out nint handle, out string problem))
            {
                trace.Add(new(path, place, problem));
            }
            else if (refuse?.Invoke(handle) is { } reason)
            {
                NativeLibrary.Free(handle);
                trace.Add(new(path, place, reason));
            }
            else
            {
                string found = Path.IsPathRooted(path) ? path : LoadedModules.Find(name) ?? path;
                trace.Add(new(path, place, LibraryAttempt.Loaded));
                return new FoundLibrary(name, found, handle, trace);
            }
        }

        return new FoundLibrary(name, null, 0, trace);
    }

    private static IEnumerable<(string Path, string Place)> Candidates(LibraryName name, string? explicitFolders, List<LibraryAttempt> trace)
    {
        foreach ((string, string) candidate in Files(name, LibraryFolders.Explicit(explicitFolders), trace))
        {
            yield return candidate;
        }

        if (LoadedModules.Find(name) is { } loaded)
        {
            yield return (loaded, LoadedModule);
        }
        else
        {
            trace.Add(new(name.Names[^1], LoadedModule, LibraryAttempt.Absent));
        }

        foreach ((string, string) candidate in Files(name, LibraryFolders.Torch(), trace))
        {
            yield return candidate;
        }

        foreach (string bare in name.Names)
        {
            yield return (bare, "system");
        }

        foreach ((string, string) candidate in Files(name, LibraryFolders.System().Concat(LibraryFolders.Pip()), trace))
        {
            yield return candidate;
        }
    }

    private static IEnumerable<(string Path, string Place)> Files(LibraryName name, IEnumerable<LibraryFolder> folders, List<LibraryAttempt> trace)
    {
        foreach (LibraryFolder folder in folders)
        {
            // BIMASK_CUDA_PATH may name a file too: whoever has several libraries in a folder can point at one.
            IReadOnlyList<string> files = File.Exists(folder.Path)
                ? name.Matches(Path.GetFileName(folder.Path)) ? [folder.Path] : []
                : name.In(folder.Path);
            if (files.Count == 0)
            {
                trace.Add(new(folder.Path, folder.Place, LibraryAttempt.Absent));
            }

            foreach (string file in files)
            {
                yield return (file, folder.Place);
            }
        }
    }

    private static bool TryLoad(string path, out nint handle, out string problem)
    {
        problem = "";
        handle = 0;
        try
        {
            handle = NativeLibrary.Load(path);
            return true;
        }
        catch (DllNotFoundException e)
        {
            // Of a bare name nothing more is known; of a file that is there, why it did not load is what a reader needs.
            problem = Path.IsPathRooted(path) ? $"does not load: {FirstLine(e.Message)}" : LibraryAttempt.Absent;
        }
        catch (BadImageFormatException)
        {
            problem = "does not load: it is for another processor";
        }

        return false;
    }

    private static string FirstLine(string message) => message.Split('\n', 2)[0].Trim();
}
