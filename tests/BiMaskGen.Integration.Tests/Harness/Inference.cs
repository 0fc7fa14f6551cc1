namespace BiMaskGen.Integration.Tests.Harness;

/// <summary>Models that have given up their dense weights.</summary>
internal static class Inference
{
    /// <summary>Puts a model into evaluation mode and releases all its sparse layers.</summary>
    public static T Release<T>(T model)
        where T : Module<Tensor, Tensor>
    {
        model.eval();
        Sides.Model(model).ReleaseDense();
        return model;
    }
}
