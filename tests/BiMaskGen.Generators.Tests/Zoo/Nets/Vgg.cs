// emits: Vision.Vgg: redirected 2 of 2 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Vision;

[NMSparse(2, 4)]
public sealed partial class Vgg : Module<Tensor, Tensor> // expect NMS009: The shape of 'Vgg.classifier.3' is not known...
{
    private readonly Sequential features = Sequential(
        ("c0", Conv2d(3, 64, 3, padding: 1)), // expect NMS002, NMS010
        ("relu0", ReLU(inplace: true)),
        ("c1", Conv2d(64, 128, 3, padding: 1, bias: false)), ("norm1", BatchNorm2d(128)), ("relu1", ReLU(inplace: true)),
        ("pool0", MaxPool2d(2)));

    private readonly Module<Tensor, Tensor> classifier;

    private readonly Sequential pooling = Sequential(AvgPool2d(2), Flatten());

    public Vgg(int classes) : base("vgg")
    {
        classifier = Sequential(
            Linear(25088, 4096),
            ReLU(),
            Dropout(),
            Linear(4096, classes));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => classifier.call(pooling.call(features.call(x)));
}
