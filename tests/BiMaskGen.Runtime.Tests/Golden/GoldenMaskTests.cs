using BiMaskGen.Masks;
using BiMaskGen.Permutations;
using BiMaskGen.Runtime.Tests.Support;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Golden;

public class GoldenMaskTests
{
    public static TheoryData<string> Cases => [.. GoldenCase.All.Keys];

    [Fact]
    public void Cases_are_there() => Assert.True(GoldenCase.All.Count >= 2);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_mask_is_the_authors(string name)
    {
        GoldenCase golden = GoldenCase.All[name];
        NMMask forward = Forward(golden);
        Assert.Equal(golden.ForwardMask.Select(bit => bit != 0), MaskReference.Flatten(forward));
        Assert.Equal(golden.RandomSearch.ForwardKept, forward.CountKept());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Backward_mask_is_the_authors(string name)
    {
        GoldenCase golden = GoldenCase.All[name];
        NMMask forward = Forward(golden);
        var backward = new NMMask(golden.OutFeatures, golden.InFeatures);
        BackwardMask.Compute(
            golden.Pattern, golden.Weight, golden.OutFeatures, golden.InFeatures, forward, golden.Permutation, backward);
        Assert.Equal(golden.BackwardMask.Select(bit => bit != 0), MaskReference.Flatten(backward));
        Assert.Equal(golden.BackwardMask.Sum(), RowPermutation.CountKept(forward, golden.Pattern, golden.Permutation));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Swap_keeps_no_less_than_the_recorded_random_search(string name)
    {
        GoldenCase golden = GoldenCase.All[name];
        NMMask forward = Forward(golden);
        PermutationResult swap = RowPermutation.Find(forward, golden.Pattern, PermutationSearchOptions.Default);
        PermutationResult random = RowPermutation.Find(forward, golden.Pattern, new(PermutationSearch.PaperRandom));
        Assert.Equal(golden.RandomSearch.ForwardKept, swap.ForwardKept);
        Assert.Equal(golden.RandomSearch.IdentityKept, swap.IdentityKept);
        Assert.True(swap.Kept >= random.Kept, $"{swap.Kept} < {random.Kept}");
        Assert.True(swap.Kept >= golden.RandomSearch.Kept, $"{swap.Kept} < {golden.RandomSearch.Kept}");
        PermutationResult thorough = RowPermutation.Find(forward, golden.Pattern, new(PermutationSearch.Thorough));
        Assert.True(thorough.Kept >= swap.Kept, $"{thorough.Kept} < {swap.Kept}");
    }

    private static NMMask Forward(GoldenCase golden)
    {
        var forward = new NMMask(golden.OutFeatures, golden.InFeatures);
        ForwardMask.Compute(golden.Pattern, golden.Weight, golden.OutFeatures, golden.InFeatures, forward);
        return forward;
    }
}
