// emits: Calls.OtherMembers: redirected 1 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Calls;

/// <summary>What a layer has besides call, forward and weight does not bypass anything.</summary>
[NMSparse(2, 4)]
public sealed partial class OtherMembers : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    public OtherMembers() : base("other") => RegisterComponents();

    public long Width => fc.in_features + fc.out_features;

    public override Tensor forward(Tensor x)
    {
        fc.train(training);
        System.Console.WriteLine($"{fc.GetName()} {fc} {fc.parameters()}");
        return fc.call(x);
    }

    public void Freeze()
    {
        foreach (Parameter parameter in fc.parameters())
        {
            parameter.requires_grad = false;
        }
    }

    /// <summary>Methods of the same name that are no call of a layer.</summary>
    public Tensor call(string text) => new Phone().call(text) + new Phone().forward(zeros(1));

    private sealed class Phone
    {
        public Tensor call(string text) => zeros(text.Length);

        public Tensor forward(Tensor x) => x;
    }
}
