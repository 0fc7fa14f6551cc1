using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using BiMaskGen.Checkpoints;
using BiMaskGen.Sparsify;
using BiMaskGen.Tool.Building;
using BiMaskGen.Tool.Keys;
using BiMaskGen.Tool.Manifest;
using BiMaskGen.Tool.Output;
using BiMaskGen.Tool.Sparsifying;
using Spectre.Console;

namespace BiMaskGen.Tool.Verbs;

/// <summary><c>bimask sparsify</c>: a dense checkpoint to a packed one, by a model's attributes or by patterns of keys.</summary>
internal sealed class SparsifyVerb
{
    private readonly Argument<FileInfo> _input = Verb.File("checkpoint", "The dense checkpoint: .safetensors or .dat.");
    private readonly Option<FileInfo> _output = Verb.Output("The packed checkpoint to write, .nms.safetensors.");
    private readonly Option<FileInfo> _assembly = new("--assembly", "-a") { Description = "The compiled assembly of the model; its annotated classes say what becomes sparse." };
    private readonly Option<string?> _model = new("--model", "-m") { Description = "The root model's class in the assembly." };
    private readonly Option<string?> _modules = new("--modules") { Description = "Classes of members whose declaration does not say them: \"blocks.*=My.Block\"." };
    private readonly Option<string?> _optional = new("--optional") { Description = "Paths that the checkpoint may be without, separated by commas." };
    private readonly Option<string> _prefix = new("--prefix") { Description = "What all keys of the model begin with, \"model.\" say.", DefaultValueFactory = _ => "" };
    private readonly Option<string?> _layers = new("--layers", "-l") { Description = "Without an assembly: the keys to prune, such as \"blocks.**.fc*.weight\", separated by commas; * is one name, ** any number." };
    private readonly Option<NMPattern?> _pattern = new("--pattern", "-p") { Description = "Without an assembly: the pattern, 2:4 say.", CustomParser = Pattern };
    private readonly Option<PruningMethod> _method = new("--method") { Description = "What decides which weights stay." };
    private readonly Option<FileInfo> _calibration = new("--calibration") { Description = "What the layers saw, for Wanda and SparseGpt (docs/build.md)." };
    private readonly Option<PermutationSearch> _search = new("--search") { Description = "How the row permutation is searched; Identity stores none.", DefaultValueFactory = _ => PermutationSearch.Swap };
    private readonly Option<bool> _channels = new("--permute-channels") { Description = "Search an order of the input channels that keeps more. Training cannot go on from such a file." };
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of the searches." };
    private readonly Option<FileInfo?> _report = new("--report") { Description = "Write a page with pictures of the layers to this file, .html." };

    private SparsifyVerb()
    {
        _assembly.AcceptExistingOnly();
        _calibration.AcceptExistingOnly();
    }

    public static Command Create()
    {
        SparsifyVerb verb = new();
        return Verb.Create(
            "sparsify",
            "Prune a dense checkpoint to N:M and pack it.",
            [
                verb._input, verb._output, verb._assembly, verb._model, verb._modules, verb._optional, verb._prefix, verb._layers, verb._pattern,
                verb._method, verb._calibration, verb._search, verb._channels, verb._seed, verb._report,
            ],
            verb.Run,
            Show);
    }

    private SparsifyResult Run(ParseResult r, Shell shell, CancellationToken cancellation)
    {
        using TensorFile source = TensorFile.Open(r.GetRequiredValue(_input).FullName);
        using TensorFile? calibration = r.GetValue(_calibration) is { } file ? TensorFile.Open(file.FullName) : null;
        (IReadOnlyList<SparseKey> targets, IReadOnlyList<KeyProblem> problems) = Targets(r, source);
        string[] errors =
        [
            .. problems.Where(p => p.Kind == KeyProblemKind.Missing).Select(p => $"{p.Key}: {p.Message}"),
            .. TargetCheck.Run(source, targets).Select(p => $"{p.Key}: {p.Message}"),
        ];
        if (errors.Length > 0)
        {
            throw new NMSparseException(string.Join(Environment.NewLine, errors));
        }

        SparsifyOptions options = new()
        {
            Method = r.GetValue(_method),
            Calibration = calibration,
            Search = r.GetValue(_search),
            PermuteChannels = r.GetValue(_channels),
            Seed = r.GetValue(_seed),
        };
        SparsifyJob job = new(source, targets, r.GetRequiredValue(_output).FullName, options, r.GetValue(_report)?.FullName);
        string[] warnings = [.. problems.Where(p => p.Kind != KeyProblemKind.Missing).Select(p => $"{p.Key}: {p.Message}")];
        return shell.Progress("sparsify", targets.Count, step => job.Run(layer => step(layer.Key), warnings, cancellation));
    }

    private (IReadOnlyList<SparseKey>, IReadOnlyList<KeyProblem>) Targets(ParseResult r, TensorFile source)
    {
        if (r.GetValue(_assembly) is { } assembly)
        {
            string model = r.GetValue(_model) ?? throw new NMSparseException("--assembly needs --model: the class that the checkpoint is of.");
            ModelManifest manifest = ModelManifest.Read(model, Assemblies(assembly), NamedModules.Parse(r.GetValue(_modules)));
            return KeyComposer.Compose(
                manifest, [.. source.Tensors.Select(t => t.Name)], r.GetRequiredValue(_prefix), PathPattern.ParseList(r.GetValue(_optional)));
        }

        IReadOnlyList<PathPattern> layers = PathPattern.ParseList(r.GetValue(_layers));
        if (layers.Count == 0 || r.GetValue(_pattern) is not { } pattern)
        {
            IEnumerable<string> matrices = source.Tensors.Where(t => t.Shape.Length == 2 && TensorConversion.IsSupported(t.DType)).Select(t => t.Name);
            throw new NMSparseException($"say what becomes sparse: --assembly and --model, or --layers and --pattern. Matrices in the checkpoint: {string.Join(", ", matrices)}.");
        }

        // A norm's weight that "blocks.**.weight" meets is left alone, and said; a key that is written out is meant.
        ILookup<bool, TensorInfo> met = source.Tensors.Where(t => layers.Any(l => l.Matches(t.Name)))
            .ToLookup(t => t.Shape.Length == 2 || layers.Any(l => l.IsOneKey && l.Matches(t.Name)));
        SparseKey[] found = [.. met[true].Select(t => new SparseKey(t.Name, null, new MemberSparsity(pattern, SparseMethod.BiMask, 0, 0)))];
        KeyProblem[] skipped = [.. met[false].Select(t => new KeyProblem(KeyProblemKind.NoMatrix, t.Name, $"{t.Kind} is no matrix; it is kept as it is."))];
        return found.Length > 0
            ? (found, skipped)
            : throw new NMSparseException($"no matrix of the checkpoint matches {string.Join(", ", layers.Select(l => l.Text))}.");
    }

    // What the assembly refers to lies beside it, as builds leave it.
    private static string[] Assemblies(FileInfo assembly) =>
        [assembly.FullName, .. assembly.Directory!.GetFiles("*.dll").Select(f => f.FullName).Where(f => f != assembly.FullName && IsManaged(f)).Order(StringComparer.Ordinal)];

    private static bool IsManaged(string file)
    {
        try
        {
            using System.Reflection.PortableExecutable.PEReader reader = new(File.OpenRead(file));
            return reader.HasMetadata;
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }

    private static NMPattern? Pattern(ArgumentResult result)
    {
        try
        {
            return PatternText.Parse(result.Tokens[0].Value);
        }
        catch (NMSparseException e)
        {
            result.AddError(e.Message);
            return null;
        }
    }

    private static void Show(SparsifyResult result, Shell shell)
    {
        Table table = Tables.Create("layer", "pattern", ">shape", "type", ">kept magnitude", ">kept by backward", ">packed / dense", ">seconds");
        foreach (LayerResult layer in result.Layers)
        {
            table.Row(
                layer.Key,
                layer.Pattern.ToString(),
                $"{layer.OutFeatures} x {layer.InFeatures}",
                layer.DType,
                Tables.Percent(layer.KeptMagnitude),
                Tables.Percent(layer.BackwardKept),
                Tables.Percent((double)layer.PackedBytes / layer.DenseBytes),
                layer.Seconds.ToString("0.00", CultureInfo.InvariantCulture));
        }

        shell.Results.Write(table);
        foreach (string warning in result.Warnings)
        {
            shell.Text.WriteLine($"Warning: {warning}");
        }

        shell.Text.WriteLine($"{result.Output}: {Tables.Bytes(result.DenseBytes)} -> {Tables.Bytes(result.PackedBytes)}, {result.DenseTensors} tensors as they were.");
    }
}
