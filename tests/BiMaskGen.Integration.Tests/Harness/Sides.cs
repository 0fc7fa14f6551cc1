namespace BiMaskGen.Integration.Tests.Harness;

/// <summary>The sparse sides of a model's layers.</summary>
internal static class Sides
{
    public static INMSparseModel Model(Module module) => Assert.IsAssignableFrom<INMSparseModel>(module);

    public static SparseLayer Of(Module module, string path) =>
        Assert.Single(Model(module).GetSparseLayers(), l => l.Name == path).Layer;
}
