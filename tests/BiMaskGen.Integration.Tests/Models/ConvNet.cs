namespace BiMaskGen.Integration.Tests.Models;

/// <summary>A small network as users write it: convolutions of both kinds beside a Linear, a grouped one that stays dense.</summary>
[NMSparse(2, 4)]
internal sealed partial class ConvNet : Module<Tensor, Tensor>
{
    public const int Side = 6;

    private readonly Conv2d stem = Conv2d(3, 16, 3, padding: 1);
    private readonly Conv2d grouped = Conv2d(16, 16, 3, padding: 1, groups: 4);
    private readonly Conv2d down = Conv2d(16, 24, 3, stride: 2, padding: 1, bias: false);
    private readonly Conv1d row = Conv1d(24, 24, 3, TorchSharp.Padding.Same);
    private readonly Linear head = Linear(24, 8);

    public ConvNet() : base("net") => RegisterComponents();

    public Conv2d Stem => stem;

    public Conv2d Down => down;

    public static ConvNet Create(int seed)
    {
        manual_seed(seed);
        return new ConvNet();
    }

    public override Tensor forward(Tensor x)
    {
        x = down.call(grouped.call(relu(stem.call(x))));
        return head.call(gelu(row.call(x.flatten(2))).mean([2]));
    }
}

/// <summary>What only the run tells to be a convolution that cannot be sparse.</summary>
[NMSparse(2, 4)]
internal sealed partial class GivenConv : Module<Tensor, Tensor>
{
    private readonly Conv2d conv;

    public GivenConv(Conv2d conv) : base("given")
    {
        this.conv = conv;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => conv.call(x);
}
