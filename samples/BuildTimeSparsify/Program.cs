using System.CommandLine;
using BuildTimeSparsify;
using Samples;

var dense = new Option<string>("--dense") { Description = "The dense checkpoint.", DefaultValueFactory = _ => Beside("digits.safetensors") };
var packed = new Option<string>("--packed") { Description = "The packed one that the build has made.", DefaultValueFactory = _ => Beside("digits.nms.safetensors") };
var output = new Option<string>("--out") { Description = "Where to write the checkpoint.", DefaultValueFactory = _ => "samples/BuildTimeSparsify/digits.safetensors" };
var seed = new Option<int>("--seed") { Description = "Seed of weights and batches." };

var train = new Command("train", "Trains the dense model anew and writes the checkpoint that the build prunes.") { output, seed };
train.SetAction(r => Training.Run(r.GetValue(output)!, r.GetValue(seed)));
var root = new RootCommand("Runs the packed checkpoint that the build made of a dense one, and compares the two.") { dense, packed, train };
root.SetAction(r => Comparison.Run(r.GetValue(dense)!, r.GetValue(packed)!));
return Host.Run(root, args);

static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);
