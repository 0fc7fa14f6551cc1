// emits: Translation.CrossAttention: redirected 4 of 4 calls.
using System;
using BiMaskGen;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Translation;

/// <summary>A module of two inputs; everything written out in full.</summary>
[NMSparse(2, 4)]
public sealed partial class CrossAttention : torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor>
{
    private const int Heads = 8;
    private const int Width = 512;

    private readonly TorchSharp.Modules.Linear _q = torch.nn.Linear(Width, Width);
    private readonly TorchSharp.Modules.Linear _k = torch.nn.Linear(Width, Width);
    private readonly TorchSharp.Modules.Linear _v = torch.nn.Linear(Width, Width);
    private readonly TorchSharp.Modules.Linear _out = torch.nn.Linear(Width, Width);
    private readonly double _scale = 1.0 / Math.Sqrt(Width / Heads);

    public CrossAttention() : base("cross_attention")
    {
        this.RegisterComponents();
    }

    public override Tensor forward(Tensor query, Tensor memory)
    {
        Tensor q = Split(this._q.forward(query)), k = Split(this._k.forward(memory)), v = Split(this._v.forward(memory));
        Tensor scores = torch.matmul(q, k.transpose(-2, -1)) * _scale;
        Tensor mixed = torch.matmul(torch.nn.functional.softmax(scores, -1), v);
        return this._out.forward(mixed.transpose(1, 2).reshape(query.shape[0], query.shape[1], Width));
    }

    private static Tensor Split(Tensor x) => x.reshape(x.shape[0], x.shape[1], Heads, Width / Heads).transpose(1, 2);
}
