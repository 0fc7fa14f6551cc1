// emits: Contracts.Net: redirected 2 of 2 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Contracts;

public interface IEncoder
{
    int Width { get; }

    Tensor Encode(Tensor x) => x * Width;
}

[NMSparse(2, 4)]
public sealed partial class Net : Module<Tensor, Tensor>, IEncoder, System.IEquatable<Net>
{
    private readonly Linear fc = Linear(256, 256);

    public Net() : base("net") => RegisterComponents();

    int IEncoder.Width => 256;

    public static Tensor operator +(Net net, Tensor x) => net.fc.call(x);

    public bool Equals(Net? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => obj is Net other && Equals(other);

    public override int GetHashCode() => base.GetHashCode();

    public override Tensor forward(Tensor x) => fc.call(((IEncoder)this).Encode(x));
}
