// emits: Aliased.Net: redirected 4 of 4 calls.
global using BiMaskGen;
global using TorchSharp.Modules;
global using static TorchSharp.torch;
global using static TorchSharp.torch.nn;
global using Dense = TorchSharp.Modules.Linear;
global using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;
global using T = TorchSharp.torch.Tensor;
