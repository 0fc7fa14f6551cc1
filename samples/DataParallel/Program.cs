using System.CommandLine;
using DataParallel;
using Samples;

var steps = Options.Count("--steps", 60, "Optimizer steps.");
var batch = Options.Count("--batch", 64, "Rows of the joined batch; each rank takes its share.");
var seed = new Option<int>("--seed") { Description = "Seed of weights and batches." };
var check = new Option<bool>("--check") { Description = "Rank 0 repeats every step alone on the joined batch and compares." };
var failRank = new Option<int>("--fail-rank") { Description = "This rank kills itself, to see what the others do.", DefaultValueFactory = _ => -1 };
var failStep = new Option<int>("--fail-step") { Description = "When it does so.", DefaultValueFactory = _ => 1 };

var root = new RootCommand("Trains one model in several processes: mpirun -np 2 dotnet DataParallel.dll --check. Without mpirun it is one process.")
{
    steps, batch, seed, check, failRank, failStep,
};
root.SetAction(r => Run(new Settings(r.GetValue(steps), r.GetValue(batch), r.GetValue(seed), r.GetValue(check), r.GetValue(failRank), r.GetValue(failStep))));
return Host.Run(root, args);

static int Run(Settings settings)
{
    // mpirun says in the environment that there are others.
    using IRanks ranks = Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_SIZE") is null ? new OneRank() : new MpiRanks();
    try
    {
        new Trainer(ranks, settings).Run();
        return 0;
    }
    catch (Exception e)
    {
        // The others wait for this rank and would wait for ever.
        Console.Error.WriteLine($"Rank {ranks.Rank}: {e.Message}");
        ranks.Abort();
        throw;
    }
}
