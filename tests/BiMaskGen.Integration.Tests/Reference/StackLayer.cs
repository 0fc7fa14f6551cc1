using BiMaskGen.Integration.Tests.Reference.Rules;

namespace BiMaskGen.Integration.Tests.Reference;

/// <summary>What a test model says about one of its layers, in the order of its forward; a dense one has M = 0.</summary>
internal sealed record StackLayer(string Name, Linear Linear, Act Activation, int N, int M, double Decay = 2e-4)
{
    /// <summary>What it trains by, if not Bi-Mask.</summary>
    public ReferenceRule? Rule { get; init; }

    public static StackLayer Dense(string name, Linear linear) => new(name, linear, Act.None, 0, 0, 0);
}
