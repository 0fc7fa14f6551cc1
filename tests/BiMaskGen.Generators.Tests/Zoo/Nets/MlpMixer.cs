// emits: Mixers.MixerBlock: redirected 4 of 4 calls.
using BiMaskGen;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mixers
{
    /// <summary>Token mixing over the patches, then channel mixing.</summary>
    [NMSparse(2, 4, PermuteEvery = 50)]
    internal partial class MixerBlock : Module<Tensor, Tensor>
    {
        private const int Patches = 196 + 12, Hidden = 384, Channels = 512;

        private readonly LayerNorm norm1 = LayerNorm(Channels);
        private readonly Linear token1 = Linear(Patches, Hidden);
        private readonly Linear token2 = Linear(Hidden, Patches);
        private readonly LayerNorm norm2 = LayerNorm(Channels);
        private readonly Linear channel1 = Linear(Channels, 4 * Channels);
        private readonly Linear channel2 = Linear(4 * Channels, Channels);
        private readonly Dropout dropout = Dropout(0.1);

        public MixerBlock() : base(nameof(MixerBlock))
        {
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = torch.NewDisposeScope();
            var y = norm1.call(x).transpose(1, 2);
            y = token2.call(functional.gelu(token1.call(y))).transpose(1, 2);
            x = x + y;
            y = channel2.call(dropout.call(channel1.call(norm2.call(x)).gelu()));
            return (x + y).MoveToOuterDisposeScope();
        }
    }
}
