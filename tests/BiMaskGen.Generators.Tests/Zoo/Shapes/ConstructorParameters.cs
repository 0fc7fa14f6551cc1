// emits: Shapes.Chained: redirected 1 of 1 calls.
// emits: Shapes.Parametric: redirected 2 of 2 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Shapes;

[NMSparse(2, 4)]
// expect NMS009: The shape of 'Parametric.fc1', 'Parametric.fc2' is not known at compile time: it is checked where a constructor is called with constants, else at run time
public sealed partial class Parametric : Module<Tensor, Tensor>
{
    private readonly Linear fc1;
    private readonly Linear fc2;

    public Parametric(int inFeatures, int hidden = 256) : base("parametric")
    {
        fc1 = Linear(inFeatures, hidden);
        fc2 = Linear(hidden, 256);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => fc2.call(relu(fc1.call(x)));
}

[NMSparse(2, 4)]
public sealed partial class Chained : Module<Tensor, Tensor> // expect NMS009
{
    private readonly Linear fc;

    public Chained() : this(390) // expect NMS002: ...390 is not a multiple of 4: use 388 or 392...
    {
    }

    public Chained(long width) : base("chained")
    {
        fc = Linear(width, 512);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => fc.call(x);
}

public static class Factory
{
    private const int Bad = 50;

    public static Parametric Good() => new(784, 512);

    public static Parametric Default() => new Parametric(784);

    public static Parametric Narrow() => new Parametric(50); // expect NMS002: ...in_features 50 is not a multiple of 4: use 48 or 52...

    public static Parametric Named() => new(hidden: 512, inFeatures: Bad); // expect NMS002

    // expect NMS002: ...in_features 102 ...
    // expect NMS003: ...out_features 102 ...
    public static Parametric Both() => new(784, 102);

    public static Parametric Unknown(int width) => new(width, 512);

    public static Chained Sum() => new(255 + 255); // expect NMS002
}
