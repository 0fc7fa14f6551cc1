// emits: Net: redirected 2 of 2 calls.
using System;
using System.Linq;
using TorchSharp;
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

int epochs = args.Length > 0 ? int.Parse(args[0]) : 3;
using var net = new Net(784);
var optimizer = optim.SGD(net.parameters(), learningRate: 0.1, momentum: 0.9);
var loss = CrossEntropyLoss();
foreach (int epoch in Enumerable.Range(0, epochs))
{
    using var scope = torch.NewDisposeScope();
    optimizer.zero_grad();
    Tensor l = loss.call(net.call(randn(32, 784)), randint(0, 10, [32]));
    l.backward();
    optimizer.step();
    Console.WriteLine($"{epoch}: {l.item<float>()} {Describe()}");
}

string Describe() => net.GetSparsityReport().ToString();

[NMSparse(2, 4)]
public sealed partial class Net : Module<Tensor, Tensor> // expect NMS009
{
    private readonly Linear fc1;
    private readonly Linear fc2 = Linear(512, 512);
    [KeepDense] private readonly Linear head = Linear(512, 10);

    public Net(long inFeatures) : base("net")
    {
        fc1 = Linear(inFeatures, 512);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => head.call(relu(fc2.call(relu(fc1.call(x)))));
}
