// emits: Split.Net: redirected 3 of 3 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Split;

[NMSparse(2, 4)]
public sealed partial class Net
{
    private readonly Linear first = Linear(256, 512);
    private readonly Linear second; // The constructor is in another file.
}
