// emits: Shapes.TensorCores: redirected 5 of 5 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Shapes;

/// <summary>Legal for 2:4, but sparse tensor cores want multiples of 16 of both, for the weight and its transpose.</summary>
[NMSparse(2, 4)]
public sealed partial class TensorCores : Module<Tensor, Tensor>
{
    private readonly Linear legal = Linear(784, 272);
    // expect NMS004: 'TensorCores.input': in_features 100 and out_features 256 fit 2:4, but not sparse tensor cores, where W and Wᵀ need multiples of 16 (cuSPARSELt; CUTLASS: 64; bf16 assumed): use in_features 112 and out_features 256
    private readonly Linear input = Linear(100, 256);
    private readonly Linear output = Linear(256, 300); // expect NMS004
    private readonly Linear both = Linear(300, 100); // expect NMS004
    private readonly Linear notEvenLegal = Linear(301, 256); // expect NMS002

    public TensorCores() : base("cores") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = output.call(input.call(legal.call(x)));
        return notEvenLegal.call(both.call(x));
    }
}
