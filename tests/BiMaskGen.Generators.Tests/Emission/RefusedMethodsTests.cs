using System.Text.RegularExpressions;
using BiMaskGen.Generators.Tests.Harness;

namespace BiMaskGen.Generators.Tests.Emission;

/// <summary>Which of torch's methods the emitted part of a model stands in for, so that they can refuse released layers.</summary>
public sealed class RefusedMethodsTests
{
    private const string To = "_to(Device, ScalarType, bool) _to(DeviceType, int, bool)";

    [Theory]
    [InlineData("", $"train(bool) {To} _to(ScalarType, bool) save(string, IList<string>?)")]
    [InlineData("public override void train(bool on = true) => base.train(on);", $"{To} _to(ScalarType, bool) save(string, IList<string>?)")]
    [InlineData(
        "protected override nn.Module _to(ScalarType dtype, bool non_blocking) => base._to(dtype, non_blocking);",
        $"train(bool) {To} save(string, IList<string>?)")]
    [InlineData(
        "public new nn.Module save(string location, IList<string>? skip = null) => base.save(location, skip);", $"train(bool) {To} _to(ScalarType, bool)")]
    [InlineData(
        "public nn.Module save(string location, int copies) => base.save(location);",
        $"train(bool) {To} _to(ScalarType, bool) save(string, IList<string>?)")]
    [InlineData("private new readonly bool save = true; public override string ToString() => $\"{save}\";", $"train(bool) {To} _to(ScalarType, bool)")]
    public void TheClasssOwnMethodsStay(string member, string emitted) => Assert.Equal(emitted, Emitted("nn.Module<Tensor, Tensor>", member));

    [Fact]
    public void SealedMethodsOfABaseClassStay() => Assert.Equal(
        $"{To} _to(ScalarType, bool) save(string, IList<string>?)",
        Emitted(
            "Base",
            "",
            """
            public abstract class Base(string name) : Module<Tensor, Tensor>(name)
            {
                public sealed override void train(bool train = true) => base.train(train);
            }
            """));

    private static string Emitted(string baseClass, string member, string more = "")
    {
        string file = GeneratorRun.Of($$"""
            namespace Demo;

            [NMSparse(2, 4)]
            public sealed partial class M : {{baseClass}}
            {
                private readonly Linear fc = Linear(8, 8);

                public M() : base("m") => RegisterComponents();

                {{member}}

                public override Tensor forward(Tensor x) => fc.call(x);
            }

            {{more}}
            """).File("Model.g.cs")!;
        return string.Join(' ', Regex.Matches(file, @"(?:override|new) \S+ ((?:train|_to|save)\(.*\))$", RegexOptions.Multiline)
            .Select(match => Regex.Replace(match.Groups[1].Value, @"(global::)?[\w.:]+[.:](?=\w)| \w+( = [\w!]+)?(?=[,)])", "")));
    }
}
