using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Models;

/// <summary>The test models by the pattern of their class.</summary>
internal static class Stacks
{
    public const int PermuteEvery = 20;

    public static string[] Patterns { get; } = ["2:4", "1:4", "2:8", "1:16", "3:7"];

    public static Stack Create(string pattern, int seed)
    {
        manual_seed(seed);
        return pattern switch
        {
            "2:4" => new Stack2x4(),
            "1:4" => new Stack1x4(),
            "2:8" => new Stack2x8(),
            "1:16" => new Stack1x16(),
            "3:7" => new Stack3x7(),
            _ => throw new ArgumentOutOfRangeException(nameof(pattern), pattern, "no model has this pattern"),
        };
    }
}
