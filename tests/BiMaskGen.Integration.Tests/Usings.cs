global using TorchSharp;
global using TorchSharp.Modules;
global using Xunit;
global using static TorchSharp.torch;
global using static TorchSharp.torch.nn;
global using static TorchSharp.torch.nn.functional;

// KernelPolicy.Mode and the errors that backward keeps for the next forward are process-wide.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
