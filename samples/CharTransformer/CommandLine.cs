using System.CommandLine;
using Samples;

namespace CharTransformer;

/// <summary>The options of the sample.</summary>
internal static class CommandLine
{
    /// <summary>The root command, which calls <paramref name="run"/> with checked settings.</summary>
    public static RootCommand Create(Func<Settings, int> run)
    {
        var text = new Option<FileInfo>("--text") { Description = "Text to train on. Default: the sources and docs of this repository." }.AcceptExistingOnly();
        var pattern = new Option<string>("--pattern") { Description = "N:M pattern of the blocks, or dense.", DefaultValueFactory = _ => "2:4" };
        pattern.AcceptOnlyFromAmong(Blocks.Patterns);
        Option<int> steps = Options.Count("--steps", 400, "Optimizer steps."), batch = Options.Count("--batch", 32, "Sequences in a step.");
        Option<int> context = Options.Count("--context", 64, "Characters in a sequence."), dModel = Options.Count("--d-model", 128, "Width of the model.");
        Option<int> blocks = Options.Count("--blocks", 4, "Decoder blocks."), heads = Options.Count("--heads", 4, "Attention heads.");
        var rate = new Option<double>("--lr") { Description = "Highest learning rate.", DefaultValueFactory = _ => 5e-3 };
        var seed = new Option<int>("--seed") { Description = "Seed of weights and batches.", DefaultValueFactory = _ => 0 };
        var compare = new Option<bool>("--compare") { Description = "Train the dense model beside it: same weights at the start, same batches." };
        var sample = new Option<int>("--sample") { Description = "Print this many generated characters.", DefaultValueFactory = _ => 0 };
        var output = new Option<string>("--out") { Description = "Folder of the loss curve.", DefaultValueFactory = _ => "charts" };
        var save = new Option<string>("--save") { Description = "Write the weights to this file, the sparse state beside it." };

        var root = new RootCommand("Trains a character transformer whose blocks are N:M sparse in both directions.")
        {
            text, pattern, steps, batch, context, dModel, blocks, heads, rate, seed, compare, sample, output, save,
        };
        root.SetAction(r => run(new Settings
        {
            Text = r.GetValue(text),
            Pattern = r.GetValue(pattern)!,
            Steps = r.GetValue(steps),
            Batch = r.GetValue(batch),
            Context = r.GetValue(context),
            DModel = r.GetValue(dModel),
            Heads = r.GetValue(heads),
            Blocks = r.GetValue(blocks),
            LearningRate = r.GetValue(rate),
            Seed = r.GetValue(seed),
            Compare = r.GetValue(compare),
            Sample = r.GetValue(sample),
            Out = r.GetValue(output)!,
            Save = r.GetValue(save),
        }));
        return root;
    }
}
