using System.Text;
using BiMaskGen.Checkpoints;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Checkpoints;

public sealed class SafeTensorsRefusalTests : IDisposable
{
    private const string A = """{"dtype":"U8","shape":[4],"data_offsets":[0,4]}""";
    private const string B = """{"dtype":"U8","shape":[4],"data_offsets":[4,8]}""";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    // The frame of the header.
    [InlineData("", "does not begin with '{'")]
    [InlineData(" {}", "does not begin with '{'")]
    [InlineData("[]", "does not begin with '{'")]
    [InlineData("{", "no valid JSON")]
    [InlineData("{}{}", "no valid JSON")]
    [InlineData("{},", "no valid JSON")]
    [InlineData("{}\0", "no valid JSON")]
    [InlineData("{/**/}", "no valid JSON")]
    [InlineData("""{"a":@A,}""", "no valid JSON")]
    [InlineData("""{"\ud800":@A}""", "no valid JSON")]
    [InlineData("""{"a":{"dtype":"U8","shape":[[4]],"data_offsets":[0,4]}}""", "no valid JSON")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":{"x":{"y":1}}}}""", "data_offsets is no array")]
    // Names.
    [InlineData("""{"a":@A,"a":@A}""", "a: the header describes this tensor twice")]
    [InlineData("""{"a":@A,"\u0061":@B}""", "a: the header describes this tensor twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{},"a":@A,"b":@B}""", "twice")]
    // Metadata.
    [InlineData("""{"__metadata__":null}""", "an object was expected")]
    [InlineData("""{"__metadata__":{"x":1}}""", "the value of 'x' is no string")]
    [InlineData("""{"__metadata__":{"x":{}}}""", "the value of 'x' is no string")]
    [InlineData("""{"__metadata__":{"x":"1","x":"2"}}""", "'x' is there twice")]
    // Entries.
    [InlineData("""{"a":1}""", "a: an object was expected")]
    [InlineData("""{"a":{}}""", "dtype, shape and two data_offsets were expected")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4]}}""", "dtype, shape and two data_offsets were expected")]
    [InlineData("""{"a":{"dtype":"U8","shape":[8],"data_offsets":[0]}}""", "dtype, shape and two data_offsets were expected")]
    [InlineData("""{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8,8]}}""", "data_offsets has more than 2 entries")]
    [InlineData("""{"a":{"dtype":"U8","dtype":"U8","shape":[8],"data_offsets":[0,8]}}""", "the field 'dtype' is unknown or there twice")]
    [InlineData("""{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8],"endian":"big"}}""", "the field 'endian' is unknown")]
    [InlineData("""{"a":{"dtype":8,"shape":[8],"data_offsets":[0,8]}}""", "its dtype is no string")]
    [InlineData("""{"a":{"dtype":"u8","shape":[8],"data_offsets":[0,8]}}""", "the dtype 'u8' is unknown; known are BOOL, F4")]
    [InlineData("""{"a":{"dtype":"4","shape":[8],"data_offsets":[0,8]}}""", "the dtype '4' is unknown")]
    [InlineData("""{"a":{"dtype":"U8","shape":[-8],"data_offsets":[0,8]}}""", "no integer from 0")]
    [InlineData("""{"a":{"dtype":"U8","shape":[8.0],"data_offsets":[0,8]}}""", "no integer from 0")]
    [InlineData("""{"a":{"dtype":"U8","shape":[8e0],"data_offsets":[0,8]}}""", "no integer from 0")]
    [InlineData("""{"a":{"dtype":"U8","shape":["8"],"data_offsets":[0,8]}}""", "no integer from 0")]
    [InlineData("""{"a":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,8]}}""", "no integer from 0")]
    [InlineData("""{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,18446744073709551615]}}""", "no integer from 0")]
    // Sizes.
    [InlineData("""{"a":{"dtype":"U8","shape":[7],"data_offsets":[0,8]}}""", "U8 [7] has 7 bytes, its data_offsets [0, 8] hold 8")]
    [InlineData("""{"a":{"dtype":"U16","shape":[8],"data_offsets":[0,8]}}""", "U16 [8] has 16 bytes")]
    [InlineData("""{"a":{"dtype":"U8","shape":[8],"data_offsets":[8,0]}}""", "data_offsets [8, 0] hold -8")]
    [InlineData("""{"a":{"dtype":"F4","shape":[15],"data_offsets":[0,8]}}""", "F4 [15] is 60 bits, no whole bytes")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", "beyond what a file can hold")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1152921504606846976,2],"data_offsets":[0,0]}}""", "beyond what a file can hold")]
    // Places.
    [InlineData("""{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}""", "its data end at 9, the file's at 8")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[9,9]}}""", "its data end at 9, the file's at 8")]
    [InlineData("""{"a":@A,"b":{"dtype":"U8","shape":[3],"data_offsets":[5,8]}}""", "b: its data begin at 5, not right behind those of a, which end at 4")]
    [InlineData("""{"a":@A,"b":{"dtype":"U8","shape":[5],"data_offsets":[3,8]}}""", "b: its data begin at 3, within those of a, which end at 4")]
    [InlineData("""{"a":@B}""", "a: its data begin at 4, not right behind those of the header's end")]
    [InlineData("""{"a":@A,"b":@A,"c":@B}""", "within those of")]
    [InlineData("""{"a":@A}""", "its tensors end at 4, but 4 bytes follow")]
    [InlineData("""{}""", "its tensors end at 0, but 8 bytes follow")]
    public void WhatIsNoPartOfTheFormatIsRefused(string header, string message)
    {
        header = header.Replace("@A", A, StringComparison.Ordinal).Replace("@B", B, StringComparison.Ordinal);
        string path = _folder.Write("a.safetensors", RawFiles.SafeTensors(header, new byte[8]));
        var error = Assert.Throws<NMSparseCheckpointException>(() => SafeTensorsFile.Open(path));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ABadCharacterIsRefused()
    {
        byte[] header = [.. "{\""u8, 0xFF, .. "\":"u8, .. Encoding.UTF8.GetBytes(A), .. "}"u8];
        var error = Assert.Throws<NMSparseCheckpointException>(
            () => SafeTensorsFile.Open(_folder.Write("a.safetensors", RawFiles.SafeTensors(header, new byte[4]))));
        Assert.Contains("no valid UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "3 bytes are no safetensors file")]
    [InlineData(0, "0 bytes are no safetensors file")]
    public void AFileWithoutAHeadersLengthIsRefused(int bytes, string message)
    {
        var error = Assert.Throws<NMSparseCheckpointException>(() => SafeTensorsFile.Open(_folder.Write("a.safetensors", new byte[bytes])));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3ul, "its header has 3 bytes, but only 2 follow: the file is truncated")]
    [InlineData(100_000_000ul, "only 2 follow")]
    [InlineData(100_000_001ul, "100000001 bytes, the format allows 100000000")]
    [InlineData(ulong.MaxValue, "18446744073709551615 bytes, the format allows 100000000")]
    [InlineData(1ul << 63, "the format allows")]
    public void AHeadersLengthThatCannotBeIsRefused(ulong length, string message)
    {
        string path = _folder.Write("a.safetensors", [.. BitConverter.GetBytes(length), .. "{}"u8]);
        var error = Assert.Throws<NMSparseCheckpointException>(() => SafeTensorsFile.Open(path));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TooManyDimensionsAreRefused()
    {
        string ones = string.Join(",", Enumerable.Repeat("1", 65));
        string header = $$$"""{"a":{"dtype":"U8","shape":[{{{ones}}}],"data_offsets":[0,1]}}""";
        Assert.Throws<NMSparseCheckpointException>(() => SafeTensorsFile.Open(_folder.Write("a.safetensors", RawFiles.SafeTensors(header, 1))));
        header = header.Replace("[1,", "[", StringComparison.Ordinal);
        using SafeTensorsFile file = SafeTensorsFile.Open(_folder.Write("b.safetensors", RawFiles.SafeTensors(header, 1)));
        Assert.Equal(64, file["a"].Shape.Length);
    }

    [Fact]
    public void EveryTruncationIsRefused()
    {
        byte[] whole = RawFiles.SafeTensors($$"""{"a":{{A}},"b":{{B}}}""", RawFiles.Ramp(8));
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<NMSparseCheckpointException>(() => SafeTensorsFile.Open(_folder.Write("a.safetensors", whole[..length])));
        }
    }

    [Fact]
    public void AFolderIsNoFile() => Assert.Throws<UnauthorizedAccessException>(() => SafeTensorsFile.Open(Path.GetTempPath()));
}
