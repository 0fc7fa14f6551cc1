namespace BiMaskGen.Build.Tests.Builds;

/// <summary>Builds share the machine: one after the other.</summary>
[CollectionDefinition(nameof(Builds), DisableParallelization = true)]
public sealed class Builds;
