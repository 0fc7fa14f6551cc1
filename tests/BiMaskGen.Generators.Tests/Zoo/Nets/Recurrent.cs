// emits: Speech.Recognizer: redirected 1 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static Zoo.Support.Factories;

namespace Speech;

[NMSparse(2, 4)]
public sealed partial class Recognizer : Module<Tensor, Tensor>
{
    private readonly LSTM encoder = LSTM(80, 256); // expect NMS007
    private readonly GRU decoder = GRU(256, 256); // expect NMS007
    private readonly MultiheadAttention attention = MultiheadAttention(256, 4); // expect NMS007
    private readonly Linear bridge = Linear(256, 256);

    public Recognizer() : base("asr") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        (Tensor encoded, _, _) = encoder.call(x);
        (Tensor decoded, _) = decoder.call(bridge.call(encoded));
        return attention.call(decoded, encoded, encoded).Item1;
    }
}
