using BiMaskGen.Build.Tests.Models;
using BiMaskGen.Tool.Manifest;

namespace BiMaskGen.Build.Tests.Manifest;

public class ModelManifestTests
{
    private static readonly string s_own = typeof(Gpt).Assembly.Location;
    private const string Space = "BiMaskGen.Build.Tests.Models.";

    [Fact]
    public void Annotated_members_have_pattern_and_shape_and_their_registered_name()
    {
        ModelManifest manifest = ModelManifest.Read("Gpt", [s_own]);

        ModuleClass block = manifest.Classes[Space + "Block"];
        Assert.True(block.Annotated);
        Assert.Equal(
            ["fc1 2:4 16->0", "gate", "proj 2:4 32->16", "norm", "<Out>k__BackingField 1:4 16->16"],
            block.Members.Select(m => m.Sparsity is { } s ? $"{m.Name} {s.Pattern} {s.InFeatures}->{s.OutFeatures}" : m.Name));
        Assert.Equal(Space + "Gpt", manifest.Root);
        Assert.Equal([Space + "Block", Space + "Gpt"], manifest.Classes.Keys);
        Assert.False(manifest.Classes[manifest.Root].Annotated);
        Assert.Equal(["scale"], manifest.Classes[manifest.Root].Tensors);
    }

    [Fact]
    public void Base_classes_generic_arguments_and_nested_classes_are_followed()
    {
        ModelManifest manifest = ModelManifest.Read(Space + "Derived", [s_own]);

        Assert.Equal([Space + "Base", Space + "Block", Space + "Derived", Space + "Wrapper"], manifest.Classes.Keys);
        Assert.Equal([Space + "Outer+Hidden"], ModelManifest.Read("Hidden", [s_own]).Classes.Keys);
        Assert.Equal(Space + "Outer+Hidden", ModelManifest.Read(Space + "Outer.Hidden", [s_own]).Root);
    }

    [Fact]
    public void Annotated_classes_that_no_declaration_leads_to_are_known_as_such()
    {
        Assert.Contains(Space + "Outer+Hidden", ModelManifest.Read("Loose", [s_own]).Elsewhere);

        Dictionary<string, string> named = new() { ["blocks.*"] = "Hidden" };
        ModelManifest manifest = ModelManifest.Read("Loose", [s_own], named);
        Assert.DoesNotContain(Space + "Outer+Hidden", manifest.Elsewhere);
        Assert.Equal(Space + "Outer+Hidden", manifest.Named["blocks.*"]);
    }

    [Fact]
    public void The_text_is_the_same_for_the_same_model_and_reads_back()
    {
        string json = ModelManifest.Read("Derived", [s_own]).ToJson();

        Assert.Equal(json, ModelManifest.Read("Derived", [s_own, s_own]).ToJson());
        Assert.Equal(json, ModelManifest.FromJson(json).ToJson());
        Assert.DoesNotContain(Path.GetDirectoryName(s_own)!, json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("""{"Format":"other","Root":"A","Named":{},"Classes":[],"Elsewhere":[]}""")]
    public void Text_that_is_no_manifest_is_refused(string text) =>
        Assert.Contains("no model manifest", Assert.Throws<ManifestException>(() => ModelManifest.FromJson(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_class_that_is_not_there_or_not_alone_is_refused_with_the_names_there_are()
    {
        string missing = Assert.Throws<ManifestException>(() => ModelManifest.Read("Gtp", [s_own])).Message;
        Assert.Contains("Gtp", missing, StringComparison.Ordinal);
        Assert.Contains(Space + "Gpt", missing, StringComparison.Ordinal);

        string twice = Assert.Throws<ManifestException>(() => ModelManifest.Read("Twin", [s_own])).Message;
        Assert.Contains($"{Space}A.Twin or {Space}B.Twin", twice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_assembly_is_refused()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "MZ no assembly");
            Assert.Contains(file, Assert.Throws<ManifestException>(() => ModelManifest.Read("Gpt", [file])).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Throws<ManifestException>(() => ModelManifest.Read("Gpt", [file]));
    }

    [Theory]
    [InlineData("Demo.Block")]
    [InlineData("TorchSharp.torch+nn+Module<TorchSharp.torch+Tensor, TorchSharp.torch+Tensor>")]
    [InlineData("A<B<C, D>, E>")]
    public void Type_names_read_back(string name) => Assert.Equal(name, ModuleType.Parse(name).ToString());

    [Theory]
    [InlineData("A<B")]
    [InlineData("A>")]
    [InlineData("A<B,>x")]
    public void Type_names_that_do_not_close_are_refused(string name) => Assert.Throws<FormatException>(() => ModuleType.Parse(name));
}
