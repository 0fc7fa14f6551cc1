namespace BiMaskGen.Benchmarks.Accuracy;

/// <summary>What makes a run the run it is; a log holds one of each.</summary>
/// <param name="Task">"digits" or "text".</param>
/// <param name="Data">The data that it was trained on.</param>
/// <param name="Recipe">Everything about the training that the study can vary.</param>
/// <param name="Pattern">"2:4", or "dense".</param>
/// <param name="Method">The training method, or "dense".</param>
/// <param name="Options">Options that differ from the default.</param>
/// <param name="Seed">Of weights and batches.</param>
internal sealed record RunKey(string Task, string Data, string Recipe, string Pattern, string Method, string Options, int Seed);

/// <summary>A finished run: a line of the log.</summary>
/// <param name="Key">Which.</param>
/// <param name="Score">At the end: test accuracy in percent, or validation loss in nats per character.</param>
/// <param name="Curve">The score along the run, the last of them <paramref name="Score"/>.</param>
/// <param name="TrainLoss">The training loss at the end.</param>
/// <param name="KeptBackward">Σ Mb / Σ Mf over the layers at the end; null for the dense model and where a layer has no backward mask.</param>
/// <param name="Seconds">The whole run, evaluation included.</param>
internal sealed record RunRecord(RunKey Key, double Score, IReadOnlyList<double> Curve, double TrainLoss, double? KeptBackward, double Seconds);
