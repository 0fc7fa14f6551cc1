namespace BiMaskGen.Generators.Tests.Analyzers;

/// <summary>A model around what a test is about.</summary>
internal static class Sources
{
    public static string Class(string attributes, string members = "private readonly Linear fc = Linear(8, 8);", string header = "sealed partial class Net") => $$"""
        namespace Demo;

        {{attributes}}
        public {{header}}() : Module<Tensor, Tensor>("net")
        {
            {{members}}

            public override Tensor forward(Tensor x) => x;
        }
        """;

    public static string Member(string member) => Class("", member + "\n    private readonly Linear other = Linear(8, 8);");
}
