using BiMaskGen.Patterns;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Patterns;

public class NMPatternTests
{
    [Theory]
    [InlineData(0, 4)]
    [InlineData(4, 4)]
    [InlineData(5, 4)]
    [InlineData(-1, 4)]
    [InlineData(1, 33)]
    [InlineData(1, 1)]
    public void NoPattern(int n, int m)
    {
        Assert.False(NMPattern.IsValid(n, m));
        Assert.Contains($"{n}:{m}", Assert.Throws<NMSparsePatternException>(() => new NMPattern(n, m)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 4, 0, 0, 0)]
    [InlineData(2, 4, 1, 1, 1)]
    [InlineData(2, 4, 7, 2, 4)]
    [InlineData(2, 4, 8, 2, 4)]
    [InlineData(3, 7, 17, 3, 9)]
    [InlineData(3, 7, 16, 3, 8)]
    public void GroupsAndKept(int n, int m, int length, int groups, int kept)
    {
        var pattern = new NMPattern(n, m);
        Assert.Equal(groups, pattern.GroupsIn(length));
        Assert.Equal(kept, pattern.KeptIn(length));
    }

    [Fact]
    public void TypesSayWhatTheirNamesSay()
    {
        Assert.Equal(new NMPattern(2, 4), NMPattern.Of<Pattern2x4>());
        foreach (Type type in typeof(Pattern2x4).Assembly.GetTypes().Where(t => t.Namespace == typeof(Pattern2x4).Namespace && t.IsValueType))
        {
            string name = $"Pattern{type.GetProperty("N")!.GetValue(null)}x{type.GetProperty("M")!.GetValue(null)}";
            Assert.Equal(type.Name, name);
        }
    }
}
