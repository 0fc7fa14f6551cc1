namespace BiMaskGen.Generators.Model;

/// <summary>What one pass over an annotated class gives.</summary>
/// <param name="Model">What drives layers, the partial class and the manifest: nothing in it moves when code around it does.</param>
/// <param name="Interceptors">The call sites, which change with every edit of their file.</param>
/// <param name="Covered">The call sites of classes that the model reaches; other models may reach them too.</param>
internal sealed record ParsedModel(ModelSpec Model, InterceptorsSpec Interceptors, EquatableArray<InterceptorsSpec> Covered);
