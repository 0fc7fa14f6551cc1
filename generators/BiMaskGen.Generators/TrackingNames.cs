namespace BiMaskGen.Generators;

/// <summary>Names of the pipeline's stages, by which tests see what was cached.</summary>
internal static class TrackingNames
{
    public const string Parsed = nameof(Parsed);
    public const string Models = nameof(Models);
    public const string Interceptors = nameof(Interceptors);
    public const string Covered = nameof(Covered);
    public const string AllInterceptors = nameof(AllInterceptors);
    public const string AllModels = nameof(AllModels);
    public const string Patterns = nameof(Patterns);
    public const string AnyModel = nameof(AnyModel);

    /// <summary>The stages whose results are plain data; <see cref="Parsed"/> joins two of them.</summary>
    public static readonly string[] Cached = [Parsed, Models, Interceptors, Covered, AllInterceptors, AllModels, Patterns, AnyModel];
}
