namespace BiMaskGen.Integration.Tests.Convolutions;

/// <summary>A layer and the shape of its input.</summary>
internal sealed record ConvCase(Func<Convolution> Make, long[] Input)
{
    /// <summary>Shapes, strides, paddings and dilations, with and without bias, whole groups and remainders.</summary>
    public static Dictionary<string, ConvCase> All { get; } = new()
    {
        ["3x3"] = new(() => Conv2d(8, 12, 3, padding: 1), [3, 8, 6, 5]),
        ["3x3 without bias"] = new(() => Conv2d(16, 8, 3, bias: false), [2, 16, 5, 5]),
        ["stride 2"] = new(() => Conv2d(8, 16, 3, stride: 2, padding: 1), [2, 8, 7, 8]),
        ["stem of 3 channels"] = new(() => Conv2d(3, 16, 3, padding: 1), [2, 3, 6, 6]),
        ["one channel"] = new(() => Conv2d(1, 8, 3, padding: 1), [3, 1, 6, 6]),
        ["remainders"] = new(() => Conv2d(11, 13, (2, 3), (1, 2), (1, 0), (2, 1)), [2, 11, 6, 7]),
        ["dilation 3, much padding"] = new(() => Conv2d(6, 8, 3, padding: 5, dilation: 3), [1, 6, 4, 5]),
        ["1x1"] = new(() => Conv2d(16, 12, 1), [2, 16, 4, 4]),
        ["1x1 of a remainder"] = new(() => Conv2d(10, 9, 1, bias: false), [3, 10, 3, 5]),
        ["1x1 stride 2"] = new(() => Conv2d(8, 16, 1, stride: 2), [2, 8, 5, 6]),
        ["1x1 padded"] = new(() => Conv2d(8, 8, 1, padding: 1), [2, 8, 3, 3]),
        ["same"] = new(() => Conv2d(8, 8, (3, 2), TorchSharp.Padding.Same), [2, 8, 5, 5]),
        ["valid"] = new(() => Conv2d(8, 8, 2, TorchSharp.Padding.Valid, stride: 2), [2, 8, 5, 5]),
        ["one image"] = new(() => Conv2d(8, 12, 3, padding: 1), [8, 5, 6]),
        ["row"] = new(() => Conv1d(8, 12, 3, padding: 1), [3, 8, 9]),
        ["row of a remainder"] = new(() => Conv1d(7, 10, 4, stride: 2, padding: 3, dilation: 2), [2, 7, 11]),
        ["row same"] = new(() => Conv1d(12, 8, 4, TorchSharp.Padding.Same, bias: false), [2, 12, 7]),
        ["row 1"] = new(() => Conv1d(16, 12, 1), [2, 16, 5]),
        ["one row"] = new(() => Conv1d(4, 8, 5), [4, 9]),
    };
}
