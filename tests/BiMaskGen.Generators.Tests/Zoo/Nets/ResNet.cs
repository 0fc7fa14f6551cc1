// emits: Vision.BasicBlock: redirected 2 of 2 calls.
// emits: Vision.ResNet: redirected 1 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Vision;

[NMSparse(2, 4)]
public sealed partial class BasicBlock : Module<Tensor, Tensor> // expect NMS009
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    [KeepDense] private readonly Sequential? downsample;

    public BasicBlock(long inPlanes, long planes, long stride = 1) : base("block")
    {
        conv1 = Conv2d(inPlanes, planes, 3, stride: stride, padding: 1, bias: false);
        bn1 = BatchNorm2d(planes);
        conv2 = Conv2d(planes, planes, 3, padding: 1, bias: false);
        bn2 = BatchNorm2d(planes);
        if (stride != 1 || inPlanes != planes)
        {
            downsample = Sequential(
                ("conv", Conv2d(inPlanes, planes, 1, stride: stride, bias: false)),
                ("bn", BatchNorm2d(planes)));
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        Tensor y = relu(bn1.call(conv1.call(x)), inplace: true);
        y = bn2.call(conv2.call(y));
        y += downsample is null ? x : downsample.call(x);
        return relu(y);
    }
}

[NMSparse(2, 4)]
public sealed partial class ResNet : Module<Tensor, Tensor>
{
    [KeepDense] private readonly Conv2d stem = Conv2d(3, 64, 7, stride: 2, padding: 3, bias: false);
    private readonly BatchNorm2d bn = BatchNorm2d(64);
    private readonly ModuleList<BasicBlock> layers = new(new BasicBlock(64, 64), new BasicBlock(64, 128, 2), new BasicBlock(128, 128));
    private readonly Linear neck = Linear(128, 512);
    [KeepDense] private readonly Linear fc = Linear(512, 1000);

    public ResNet() : base("resnet") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = max_pool2d(relu(bn.call(stem.call(x))), 3, stride: 2, padding: 1);
        foreach (BasicBlock layer in layers)
        {
            x = layer.call(x);
        }

        x = adaptive_avg_pool2d(x, 1).flatten(1);
        return fc.call(neck.call(x).relu());
    }
}
