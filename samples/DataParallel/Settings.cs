namespace DataParallel;

/// <summary>What a run is asked for.</summary>
/// <param name="Steps">Optimizer steps.</param>
/// <param name="Batch">Rows of the joined batch, shared out over the ranks.</param>
/// <param name="Seed">Seed of weights and batches.</param>
/// <param name="Check">Whether rank 0 repeats every step alone on the joined batch and compares.</param>
/// <param name="FailRank">A rank that dies, to see what the others do; −1 for none.</param>
/// <param name="FailStep">The step at which it dies.</param>
internal sealed record Settings(int Steps, int Batch, int Seed, bool Check, int FailRank, int FailStep);
