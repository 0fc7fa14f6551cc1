using BiMaskGen.Sparsify;

namespace BiMaskGen.Tool.Sparsifying;

/// <summary>Reads the options of sparsifying as users write them, on the command line and in projects.</summary>
internal static class OptionTexts
{
    /// <summary>A word of an enum, whatever its case.</summary>
    /// <exception cref="NMSparseException">There is no such word.</exception>
    public static T Word<T>(string name, string? text, T byDefault)
        where T : struct, Enum =>
        string.IsNullOrWhiteSpace(text) ? byDefault
        : Enum.TryParse(text.Trim(), ignoreCase: true, out T value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text.Trim()[0]) ? value
        : throw new NMSparseException($"{name}={text}: expected {string.Join(", ", Enum.GetNames<T>())}.");

    /// <summary>true or false.</summary>
    /// <exception cref="NMSparseException">The text is neither.</exception>
    public static bool Flag(string name, string? text) =>
        !string.IsNullOrWhiteSpace(text) && (bool.TryParse(text, out bool value) ? value : throw new NMSparseException($"{name}={text}: expected true or false."));

    /// <summary>The options of a build's request; the calibration is opened by whoever runs it.</summary>
    /// <exception cref="NMSparseException">A value is none that is known.</exception>
    public static SparsifyOptions Of(IReadOnlyDictionary<string, string> values) => new()
    {
        Method = Word("Method", values.GetValueOrDefault("method"), PruningMethod.Magnitude),
        Search = Word("Search", values.GetValueOrDefault("search"), PermutationSearch.Swap),
        PermuteChannels = Flag("PermuteChannels", values.GetValueOrDefault("permuteChannels")),
    };
}
