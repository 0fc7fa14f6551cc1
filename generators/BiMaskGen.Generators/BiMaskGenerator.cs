using BiMaskGen.Generators.Emission;
using BiMaskGen.Generators.Model;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators;

/// <summary>Emits, for each class that carries <c>[NMSparse]</c>, its sparse layers and the redirection of their calls.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class BiMaskGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<ParsedModel> parsed = context.SyntaxProvider
            .ForAttributeWithMetadataName(WellKnownNames.NMSparse, ModelParser.IsCandidate, ModelParser.Parse)
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(TrackingNames.Parsed);

        // Two nodes: an edit that only moves a call site re-emits the thin interceptor file and nothing else.
        IncrementalValuesProvider<ModelSpec> models = parsed
            .Select(static (model, _) => model.Model).WithTrackingName(TrackingNames.Models);
        IncrementalValuesProvider<InterceptorsSpec> interceptors = parsed
            .Select(static (model, _) => model.Interceptors).WithTrackingName(TrackingNames.Interceptors);

        // A class that two models reach has its calls redirected once.
        IncrementalValuesProvider<InterceptorsSpec> covered = parsed
            .SelectMany(static (model, _) => model.Covered).WithTrackingName(TrackingNames.Covered);
        IncrementalValueProvider<EquatableArray<InterceptorsSpec>> allInterceptors = interceptors.Collect().Combine(covered.Collect())
            .Select(static (specs, _) => InterceptorsSpec.EachOnce(specs.Left, specs.Right)).WithTrackingName(TrackingNames.AllInterceptors);
        IncrementalValueProvider<EquatableArray<ModelSpec>> all = models.Collect()
            .Select(static (specs, _) => new EquatableArray<ModelSpec>(specs)).WithTrackingName(TrackingNames.AllModels);
        IncrementalValueProvider<EquatableArray<PatternSpec>> patterns = all
            .Select(static (specs, _) => PatternSpec.NotBuiltIn(specs)).WithTrackingName(TrackingNames.Patterns);
        IncrementalValueProvider<bool> any = all
            .Select(static (specs, _) => specs.Count > 0).WithTrackingName(TrackingNames.AnyModel);

        context.RegisterSourceOutput(models, static (output, model) =>
        {
            LayersFile.Emit(output, model);
            ContainersFile.Emit(output, model);
            ReachFile.Emit(output, model);
            ModelFile.Emit(output, model);
        });
        context.RegisterSourceOutput(allInterceptors, InterceptorsFile.Emit);
        context.RegisterSourceOutput(patterns, PatternsFile.Emit);
        context.RegisterSourceOutput(all, ManifestFile.Emit);
        context.RegisterSourceOutput(any, GlueFiles.Emit);
    }
}
