// emits: Demo.LeNet: redirected 4 of 4 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Demo;

[NMSparse(2, 4)]
public sealed partial class LeNet : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1 = Conv2d(1, 6, 5, padding: 2); // expect NMS002, NMS003, NMS010
    private readonly Conv2d conv2 = Conv2d(6, 16, 5); // expect NMS002, NMS010
    private readonly MaxPool2d pool = MaxPool2d(2);
    private readonly Linear fc1 = Linear(400, 120); // expect NMS004
    private readonly Linear fc2 = Linear(120, 84); // expect NMS004
    [KeepDense] private readonly Linear fc3 = Linear(84, 10);

    public LeNet() : base("lenet") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = pool.call(relu(conv1.call(x)));
        x = pool.call(relu(conv2.call(x)));
        x = x.flatten(1);
        x = relu(fc1.call(x));
        x = relu(fc2.call(x));
        return fc3.call(x);
    }
}
