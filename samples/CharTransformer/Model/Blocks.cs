using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CharTransformer;

/// <summary>The block classes by their pattern.</summary>
internal static class Blocks
{
    /// <summary>The name of the block without the attribute.</summary>
    public const string Dense = "dense";

    private static readonly Dictionary<string, Func<long, long, Module<Tensor, Tensor>>> s_create = new()
    {
        ["2:4"] = (dModel, heads) => new Block(dModel, heads),
        ["1:4"] = (dModel, heads) => new Block1x4(dModel, heads),
        ["2:8"] = (dModel, heads) => new Block2x8(dModel, heads),
        ["4:8"] = (dModel, heads) => new Block4x8(dModel, heads),
        ["1:16"] = (dModel, heads) => new Block1x16(dModel, heads),
        [Dense] = (dModel, heads) => new BlockDense(dModel, heads),
    };

    /// <summary>What <c>--pattern</c> takes.</summary>
    public static string[] Patterns { get; } = [.. s_create.Keys];

    /// <summary>A block of the pattern.</summary>
    public static Module<Tensor, Tensor> Create(string pattern, long dModel, long heads) => s_create[pattern](dModel, heads);
}
