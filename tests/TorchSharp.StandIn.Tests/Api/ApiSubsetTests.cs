using Xunit;

namespace TorchSharp.Tests.Api;

/// <summary>
/// The stand-in offers nothing that TorchSharp 0.107 does not. To write the listing anew after adding members, run these tests
/// with BIMASK_API_LIST set to TorchSharp's full listing.
/// </summary>
public class ApiSubsetTests
{
    private static readonly SortedDictionary<string, SortedSet<string>> Surface = ApiPrinter.Print(typeof(torch).Assembly);

    static ApiSubsetTests()
    {
        if (Environment.GetEnvironmentVariable(ApiListing.Variable) is { Length: > 0 })
        {
            ApiListing.WriteAsset(Surface);
        }
    }

    [Fact]
    public void Every_public_member_of_the_stand_in_is_one_of_TorchSharp()
    {
        var foreign = ApiListing.Missing(Surface.Select(type => (type.Key, (IEnumerable<string>)type.Value)), ApiListing.ReadAsset());

        Assert.True(foreign.Count == 0, $"{foreign.Count} lines are not TorchSharp's:\n{string.Join('\n', foreign)}");
    }

    [Fact]
    public void The_surface_is_seen_at_all()
    {
        Assert.Contains("public virtual TorchSharp.torch.Tensor forward(TorchSharp.torch.Tensor tensor)",
            Surface["sealed class TorchSharp.Modules.Linear : TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>"]);
        Assert.Contains("protected field Dictionary<string, TPreHook> pre_hooks",
            Surface["class TorchSharp.torch.nn.HookableModule<TPreHook, TPostHook> : TorchSharp.torch.nn.Module"]);
    }

    [FullListingFact]
    public void The_checked_in_listing_is_part_of_the_full_one()
    {
        var foreign = ApiListing.Missing(ApiListing.ReadAsset().Select(type => (type.Key, (IEnumerable<string>)type.Value)), ApiListing.ReadFull());

        Assert.True(foreign.Count == 0, string.Join('\n', foreign));
    }

    private sealed class FullListingFactAttribute : FactAttribute
    {
        public FullListingFactAttribute()
        {
            if (ApiListing.FullPath is null)
            {
                Skip = $"TorchSharp's full listing is not here; set {ApiListing.Variable}.";
            }
        }
    }
}
