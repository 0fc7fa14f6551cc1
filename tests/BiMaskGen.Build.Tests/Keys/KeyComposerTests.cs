using BiMaskGen.Build.Tests.Models;
using BiMaskGen.Tool.Keys;
using BiMaskGen.Tool.Manifest;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace BiMaskGen.Build.Tests.Keys;

public class KeyComposerTests
{
    private static readonly string s_own = typeof(Gpt).Assembly.Location;

    public static TheoryData<string> Models => ["Gpt", "Derived", "Base", "Block", "Hidden", "Contained", "Reaching", "NotReaching"];

    [Theory]
    [MemberData(nameof(Models))]
    public void Composed_keys_are_those_of_the_running_model(string name)
    {
        using Module model = Create(name);
        string[] keys = [.. model.state_dict().Keys];

        (IReadOnlyList<SparseKey> sparse, IReadOnlyList<KeyProblem> problems) = Compose(name, keys);

        Assert.Empty(problems);
        Assert.Equal(RunningKeys(model), sparse.ToDictionary(s => s.Key, s => s.Sparsity.Pattern));
    }

    [Fact]
    public void A_list_of_modules_of_no_declared_class_is_named_by_the_user()
    {
        using Loose model = new(new Outer.Hidden(), new Outer.Hidden());
        string[] keys = [.. model.state_dict().Keys];

        KeyProblem problem = Assert.Single(Compose("Loose", keys).Problems, p => p.Key.StartsWith("blocks", StringComparison.Ordinal));
        Assert.Equal(KeyProblemKind.UnknownContent, problem.Kind);
        Assert.Contains("Modules=\"blocks.*=", problem.Message, StringComparison.Ordinal);

        var (sparse, _) = Compose("Loose", keys, new() { ["blocks.*"] = "Hidden" });
        Assert.Equal(RunningKeys(model).Keys.Order(), sparse.Select(s => s.Key).Order());
    }

    [Fact]
    public void Missing_and_unused_keys_are_told_with_the_nearest_name()
    {
        using Gpt model = new();
        List<string> keys = [.. model.state_dict().Keys.Where(k => k != "blocks.1.fc1.weight" && !k.StartsWith("head.", StringComparison.Ordinal)), "blocks.1.fc3.weight", "step"];

        (IReadOnlyList<SparseKey> sparse, IReadOnlyList<KeyProblem> problems) = Compose("Gpt", keys);

        Assert.DoesNotContain(sparse, s => s.Key == "blocks.1.fc1.weight");
        Assert.Equal(
            ["Missing blocks.1.fc1.weight", "Missing head.weight", "Unused blocks.1.fc3.weight", "Unused step"],
            problems.Select(p => $"{p.Kind} {p.Key}"));
        Assert.Contains("blocks.1.fc3.weight", problems[0].Message, StringComparison.Ordinal);
        Assert.Contains("Block.fc1", problems[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("head")]
    [InlineData("head.weight")]
    [InlineData("h*.weight")]
    [InlineData("**")]
    public void Optional_paths_may_be_missing(string optional)
    {
        using Gpt model = new();
        string[] keys = [.. model.state_dict().Keys.Where(k => !k.StartsWith("head.", StringComparison.Ordinal))];

        Assert.Empty(Compose("Gpt", keys, optional: optional).Problems);
        Assert.Single(Compose("Gpt", keys, optional: "other").Problems);
    }

    [Fact]
    public void A_missing_module_with_sparse_layers_is_one_message_even_where_classes_hold_themselves()
    {
        var (sparse, problems) = Compose("Derived", ["first.weight", "first.bias"]);

        Assert.Equal(["first.weight"], sparse.Select(s => s.Key));
        Assert.Equal(["wrapped"], problems.Select(p => p.Key));
    }

    [Fact]
    public void All_keys_of_a_model_may_have_a_prefix()
    {
        using Gpt model = new();
        string[] keys = [.. model.state_dict().Keys.Select(k => "model." + k), "optimizer.step"];

        (IReadOnlyList<SparseKey> sparse, IReadOnlyList<KeyProblem> problems) = Compose("Gpt", keys, prefix: "model.");

        Assert.Equal(RunningKeys(model).Keys.Select(k => "model." + k).Order(), sparse.Select(s => s.Key).Order());
        Assert.Equal(["optimizer.step"], problems.Select(p => p.Key));
    }

    [Theory]
    [InlineData("blocks.*.fc1", "blocks.0.fc1", true)]
    [InlineData("blocks.*", "blocks.0.fc1", false)]
    [InlineData("blocks.**", "blocks.0.fc1", true)]
    [InlineData("*.weight", "head.weight", true)]
    [InlineData("**.weight", "blocks.0.fc1.weight", true)]
    [InlineData("a.b", "aXb", false)]
    public void Path_patterns(string pattern, string path, bool matches) => Assert.Equal(matches, PathPattern.Parse(pattern).Matches(path));

    private static (IReadOnlyList<SparseKey> Sparse, IReadOnlyList<KeyProblem> Problems) Compose(
        string root, IReadOnlyCollection<string> keys, Dictionary<string, string>? named = null, string prefix = "", string optional = "") =>
        KeyComposer.Compose(ModelManifest.Read(root, [s_own], named), keys, prefix, PathPattern.ParseList(optional));

    private static Module Create(string name) => name switch
    {
        "Gpt" => new Gpt(),
        "Derived" => new Derived(),
        "Block" => new Block(32),
        "Hidden" => new Outer.Hidden(),
        "Contained" => new Contained(),
        "Reaching" => new Reaching(),
        "NotReaching" => new NotReaching(),
        _ => new RegisteredBase(),
    };

    /// <summary>What the running model says of itself: annotated classes anywhere below it.</summary>
    private static Dictionary<string, NMPattern> RunningKeys(Module model)
    {
        Dictionary<string, NMPattern> keys = [];
        foreach ((string path, Module module) in model.named_modules().Prepend(("", model)))
        {
            foreach ((string name, SparseLayer layer) in (module as INMSparseModel)?.OwnSparseLayers ?? [])
            {
                keys[(path.Length == 0 ? name : path + "." + name) + ".weight"] = layer.Pattern;
            }
        }

        return keys;
    }

    private sealed class RegisteredBase : Base
    {
        public RegisteredBase() => RegisterComponents();
    }
}
