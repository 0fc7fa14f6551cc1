using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using BiMaskGen.Benchmarks.Machine;

namespace BiMaskGen.Benchmarks;

/// <summary>The verbs of the benchmark.</summary>
internal static class Verbs
{
    internal static RootCommand Create() => new("Measures the CPU kernels against the dense libraries that are installed, what the compiler part costs, and what training methods reach.")
    {
        Accuracy.AccuracyVerb.Create(), Channels(), Compare(), CompileCost(), Dispatch(), Explore(), OneShot(), Permutation(), SparsifyCheckpoint(), Torch(),
    };

    private static Command Compare()
    {
        var json = new Option<string>("--json") { Description = "Write the rows to this file too." };
        Option<int[]> threads = ThreadCounts();
        var only = new Option<string>("--only") { Description = "Only rows whose label contains this.", DefaultValueFactory = _ => "" };
        var quick = new Option<bool>("--quick") { Description = "A sixth of the time per row: to see that it runs." };
        var list = new Option<bool>("--list") { Description = "Print the labels of the rows and measure nothing." };
        var isa = new Option<string>("--require-isa") { Description = "Fail unless the process runs at this instruction set." };
        isa.AcceptOnlyFromAmong(Isa.Required);

        var command = new Command("compare", "Times every product against the dense libraries, interleaved in one process.")
        {
            json, threads, only, quick, list, isa,
        };
        command.SetAction(r => new Comparing(new CompareSettings
        {
            Json = r.GetValue(json),
            Threads = r.GetValue(threads)!,
            Only = r.GetValue(only)!,
            Quick = r.GetValue(quick),
            List = r.GetValue(list),
            RequireIsa = r.GetValue(isa),
        }).Run());
        return command;
    }

    private static Command CompileCost()
    {
        var json = new Option<string>("--json") { Description = "Write the figures to this file too." };
        var modules = new Option<int>("--modules") { Description = "Number of annotated modules.", DefaultValueFactory = _ => 500 };
        var rounds = new Option<int>("--rounds") { Description = "Number of rounds; medians are printed.", DefaultValueFactory = _ => 9 };
        foreach (Option<int> option in new[] { modules, rounds })
        {
            option.Validators.Add(r =>
            {
                if (r.GetValueOrDefault<int>() is int count && count < 1)
                {
                    r.AddError($"{option.Name} {count}: expected a number from 1 on.");
                }
            });
        }

        var command = new Command("compile-cost", "Times the generator and the analyzers against the compilation that they are part of.")
        {
            json, modules, rounds,
        };
        command.SetAction(r => Compiling.CostReport.Run(r.GetValue(modules), r.GetValue(rounds), r.GetValue(json)));
        return command;
    }

    private static Command Dispatch()
    {
        Option<int> threads = ThreadCount();
        var quick = new Option<bool>("--quick") { Description = "A sixth of the time per shape: to see that it runs." };
        var choose = new Option<string>("--choose") { Description = "Make the choices and write them to this file.", Hidden = true };
        var command = new Command("dispatch", "Times what the choice of kernels loses, over whole steps of twenty shapes.") { threads, quick, choose };
        command.SetAction(r => r.GetValue(choose) is string file
            ? Dispatching.Choosing.Run(file, r.GetValue(threads))
            : Dispatching.Retiming.Run(r.GetValue(threads), r.GetValue(quick)));
        return command;
    }

    private static Command Explore()
    {
        var arguments = new Argument<string[]>("arguments") { Description = "Arguments of BenchmarkDotNet, after --." };
        var command = new Command("explore", "BenchmarkDotNet, to look at one kernel at a time.") { arguments };
        command.SetAction(r => Exploration.Explorer.Run(r.GetValue(arguments) ?? []));
        return command;
    }

    private static Command Permutation()
    {
        var only = new Option<string>("--only") { Description = "Only rows whose label contains this.", DefaultValueFactory = _ => "" };
        var command = new Command("permutation", "What the permutation searches gain, and how long they take on one core.") { only };
        command.SetAction(r => Permutations.PermutationTable.Run(r.GetValue(only)!));
        return command;
    }

    private static Command Channels()
    {
        var only = new Option<string>("--only") { Description = "Only rows whose label contains this.", DefaultValueFactory = _ => "" };
        var matrices = new Option<int?>("--matrices") { Description = "Matrices of each row, at least one." };
        matrices.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<int?>() < 1)
            {
                r.AddError("--matrices: expected a number from 1 on.");
            }
        });
        var command = new Command("channels", "What the search for the order of input channels gains, and how long it takes on one core.")
        {
            only, matrices,
        };
        command.SetAction(r => Sparsifying.ChannelTable.Run(r.GetValue(only)!, r.GetValue(matrices)));
        return command;
    }

    private static Command OneShot()
    {
        Option<int> threads = ThreadCount();
        var command = new Command("oneshot", "How fast a layer is sparsified in memory.") { threads };
        command.SetAction(r => Sparsifying.OneShotTable.Run(r.GetValue(threads)));
        return command;
    }

    private static Command Torch()
    {
        Option<int[]> threads = ThreadCounts();
        var quick = new Option<bool>("--quick") { Description = "A sixth of the time per row: to see that it runs." };
        var command = new Command("torch", "Times whole steps of training with the attribute on and off, on the torch that this was built against.") { threads, quick };
        command.SetAction(r => BiMaskGen.Benchmarks.Torch.TorchTable.Run(r.GetValue(threads)!, r.GetValue(quick)));
        return command;
    }

    private static Option<int[]> ThreadCounts() => new("--threads")
    {
        Description = "Numbers of threads, such as 1,2.",
        CustomParser = ParseThreads,
        DefaultValueFactory = _ => Cpus.Allowed.Length > 1 ? [1, 2] : [1],
    };

    private static Option<int> ThreadCount()
    {
        var threads = new Option<int>("--threads") { Description = "Number of threads.", DefaultValueFactory = _ => 1 };
        threads.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<int>() is int count && (count < 1 || count > Cpus.Allowed.Length))
            {
                r.AddError($"--threads {count}: expected a number from 1 to {Cpus.Allowed.Length}, the CPUs of this process.");
            }
        });
        return threads;
    }

    private static Command SparsifyCheckpoint()
    {
        var megabytes = new Option<int>("--megabytes") { Description = "Size of the checkpoint.", DefaultValueFactory = _ => 1000 };
        var side = new Option<int>("--side") { Description = "Rows and columns of a layer.", DefaultValueFactory = _ => 4096 };
        var pattern = new Option<string>("--pattern") { Description = "N:M.", DefaultValueFactory = _ => "2:4" };
        var search = new Option<PermutationSearch>("--search") { Description = "The row permutation.", DefaultValueFactory = _ => PermutationSearch.Identity };
        var channels = new Option<bool>("--channels") { Description = "Search an order of the channels too." };
        var threads = new Option<int>("--threads") { Description = "Number of threads.", DefaultValueFactory = _ => Cpus.Allowed.Length };
        var rounds = new Option<int>("--rounds") { Description = "How often.", DefaultValueFactory = _ => 5 };
        var folder = new Option<string>("--folder") { Description = "Where the files go for the while.", DefaultValueFactory = _ => Path.GetTempPath() };
        var command = new Command("sparsify", "Times sparsifying a checkpoint, from file to file.") { megabytes, side, pattern, search, channels, threads, rounds, folder };
        command.SetAction(r => Sparsifying.Throughput.Run(new Sparsifying.ThroughputSettings(
            r.GetValue(megabytes), r.GetValue(side), r.GetValue(pattern)!, r.GetValue(search), r.GetValue(channels), r.GetValue(threads), r.GetValue(rounds), r.GetValue(folder)!)));
        return command;
    }

    private static int[] ParseThreads(ArgumentResult result)
    {
        var counts = new List<int>();
        foreach (string part in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count < 1 || count > Cpus.Allowed.Length)
            {
                result.AddError($"--threads {part}: expected numbers from 1 to {Cpus.Allowed.Length}, the CPUs of this process.");
                return [];
            }

            counts.Add(count);
        }

        return [.. counts.Distinct()];
    }
}
