using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Models;

/// <summary>The paper's random search, a strong decay, gelu as a method, relu apart from its call.</summary>
[NMSparse(1, 4, PermuteEvery = Stacks.PermuteEvery, Search = PermutationSearch.PaperRandom, SearchCandidates = 20, Seed = 5, Decay = 0.01)]
internal sealed partial class Stack1x4 : Stack
{
    private readonly Linear _in, _wide, _narrow, _out;

    public Stack1x4() : base("stack")
    {
        _in = Linear(33, 70, hasBias: false);
        _wide = Linear(inputSize: 70, outputSize: 64);
        _narrow = Linear(64, 48, true);
        _out = Linear(48, 20, false);
        RegisterComponents();
    }

    public override IReadOnlyList<StackLayer> Plan =>
    [
        new("_in", _in, Act.Gelu, 1, 4, 0.01), new("_wide", _wide, Act.Gelu, 1, 4, 0.01), new("_narrow", _narrow, Act.Relu, 1, 4, 0.01),
        new("_out", _out, Act.None, 1, 4, 0.01),
    ];

    public override Tensor forward(Tensor x)
    {
        Tensor wide = _wide.call(gelu(_in.forward(x))).gelu();
        Tensor narrow = this._narrow.call(wide);
        return _out.forward(narrow.relu());
    }

    public override Tensor Probe(int layer, Tensor x) =>
        layer == 0 ? _in.call(x) : layer == 1 ? _wide.call(x) : layer == 2 ? _narrow.call(x) : _out.call(x);
}
