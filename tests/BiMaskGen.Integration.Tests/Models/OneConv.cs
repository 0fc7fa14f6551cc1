using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Models;

/// <summary>One convolution with an activation; the project file derives the classes of other patterns, groupings and methods.</summary>
internal abstract class OneConv(string name) : Module<Tensor, Tensor>(name)
{
    public abstract Convolution Layer { get; }

    public Act Activation { get; set; }

    public SparseLayer Side => Sides.Of(this, "conv");

    /// <summary>A model by the name of its class around a layer.</summary>
    public static OneConv Around(string name, Convolution layer) => Assert.IsAssignableFrom<OneConv>(
        Activator.CreateInstance(Type.GetType($"{typeof(OneConv).Namespace}.{name}", throwOnError: true)!, layer));
}
