using System.Collections.Concurrent;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>The CUDA sources, which are embedded in this assembly.</summary>
internal static class KernelSource
{
    private static readonly ConcurrentDictionary<string, string> s_texts = new();

    /// <summary>What a kernel is compiled from: the common part and its own.</summary>
    /// <param name="kernel">The kernel's name.</param>
    public static string Of(string kernel) => Text("common.cuh") + Text($"{kernel}.cu");

    /// <summary>One file.</summary>
    public static string Text(string file) => s_texts.GetOrAdd(file, static name =>
    {
        using Stream stream = typeof(KernelSource).Assembly.GetManifestResourceStream($"cuda/{name}")
            ?? throw new InvalidOperationException($"The source {name} is not embedded.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    });
}
