using System.Globalization;
using BiMaskGen.Checkpoints;
using BiMaskGen.Sparsify;
using BiMaskGen.Tool.Keys;
using BiMaskGen.Tool.Manifest;
using BiMaskGen.Tool.Output;
using BiMaskGen.Tool.Sparsifying;

namespace BiMaskGen.Tool.Building;

/// <summary>Sparsifies the checkpoint of a request by the manifest that the step before has written.</summary>
internal static class SparsifyStep
{
    public static void Run(BuildRequest request, BuildLog log, CancellationToken cancellation)
    {
        try
        {
            SparsifyOptions options = OptionTexts.Of(request.Options);
            using TensorFile source = TensorFile.Open(request.Checkpoint);
            using TensorFile? calibration = request.Calibration is null ? null : TensorFile.Open(request.Calibration);
            ModelManifest manifest = ModelManifest.FromJson(File.ReadAllText(request.Manifest));
            (IReadOnlyList<SparseKey> targets, IReadOnlyList<KeyProblem> problems) = KeyComposer.Compose(
                manifest, [.. source.Tensors.Select(t => t.Name)], request.Prefix, PathPattern.ParseList(request.Optional));
            Tell(request, log, problems);
            foreach (TargetProblem problem in TargetCheck.Run(source, targets))
            {
                log.Error(problem.Kind == TargetProblemKind.Shape ? BuildCodes.Shape : BuildCodes.Type, request.Checkpoint, $"{problem.Key}: {problem.Message}");
            }

            if (!log.HasErrors)
            {
                SparsifyResult result = new SparsifyJob(source, targets, request.Output, options with { Calibration = calibration }, request.Report).Run(
                    layer => log.Progress(Line(layer)), [.. problems.Select(p => $"{p.Key}: {p.Message}")], cancellation);
                log.Progress($"  {request.Name} -> {Path.GetRelativePath(request.Project, request.Output)}: {Tables.Bytes(result.DenseBytes)} -> {Tables.Bytes(result.PackedBytes)}");
            }
        }
        catch (NMSparseCheckpointException e)
        {
            log.Error(BuildCodes.File, e.Path, e.Key is null ? e.Problem : $"{e.Key}: {e.Problem}");
        }
        catch (NMSparseValueException e)
        {
            log.Error(BuildCodes.Value, request.Checkpoint, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Error(BuildCodes.File, request.Checkpoint, e.Message);
        }
        catch (NMSparseException e)
        {
            log.Error(BuildCodes.Item, request.Checkpoint, e.Message);
        }
    }

    private static void Tell(BuildRequest request, BuildLog log, IReadOnlyList<KeyProblem> problems)
    {
        foreach (KeyProblem problem in problems)
        {
            string message = $"{problem.Key}: {problem.Message}";
            switch (problem.Kind)
            {
                case KeyProblemKind.Missing:
                    log.Error(BuildCodes.MissingKey, request.Checkpoint, message);
                    break;
                case KeyProblemKind.Unused:
                    log.Warning(BuildCodes.Unused, request.Checkpoint, message);
                    break;
                default:
                    log.Warning(BuildCodes.UnknownContent, request.Checkpoint, message);
                    break;
            }
        }
    }

    private static string Line(LayerResult layer) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {layer.Key} [{layer.OutFeatures}, {layer.InFeatures}] {layer.DType} {layer.Pattern}: {100 * layer.KeptMagnitude:0.0} % of the magnitude kept, {layer.Seconds:0.00} s");
}
