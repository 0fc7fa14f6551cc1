// One member of each kind that holds weights, and the kinds that hold none or are never pruned.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static Zoo.Support.Factories;

namespace Demo;

[NMSparse(2, 4)]
public sealed partial class EveryKind() : Module<Tensor, Tensor>("every")
{
    public readonly Bilinear bilinear = Bilinear(16, 16, 16); // expect NMS007
    public readonly Conv1d conv1 = Conv1d(16, 16, 3); // expect NMS010
    public readonly Conv2d conv2 = Conv2d(16, 16, 3); // expect NMS010
    public readonly Conv2d grouped = Conv2d(16, 16, (3, 3), groups: 4); // expect NMS007
    public readonly Conv3d conv3 = Conv3d(16, 16, 3); // expect NMS007
    public readonly ConvTranspose1d transposed1 = ConvTranspose1d(16, 16, 3); // expect NMS007
    public readonly ConvTranspose2d transposed2 = ConvTranspose2d(16, 16, 3); // expect NMS007
    public readonly ConvTranspose3d transposed3 = ConvTranspose3d(16, 16, 3); // expect NMS007
    public readonly Convolution abstraction = Conv2d(16, 16, 3); // expect NMS007
    public readonly Embedding embedding = Embedding(100, 16); // expect NMS007
    public readonly EmbeddingBag bag = EmbeddingBag(100, 16); // expect NMS007
    public readonly RNN rnn = RNN(16, 16); // expect NMS007
    public readonly LSTM lstm = LSTM(16, 16); // expect NMS007
    public readonly GRU gru = GRU(16, 16); // expect NMS007
    public readonly RNNCell rnnCell = RNNCell(16, 16); // expect NMS007
    public readonly LSTMCell lstmCell = LSTMCell(16, 16); // expect NMS007
    public readonly GRUCell gruCell = GRUCell(16, 16); // expect NMS007
    public readonly MultiheadAttention attention = MultiheadAttention(16, 4); // expect NMS007
    public readonly Transformer transformer = Transformer(16, 4); // expect NMS007
    public readonly TransformerEncoder encoder = TransformerEncoder(16, 4); // expect NMS007
    public readonly TransformerEncoderLayer encoderLayer = TransformerEncoderLayer(16, 4); // expect NMS007
    public readonly TransformerDecoder decoder = TransformerDecoder(16, 4); // expect NMS007
    public readonly TransformerDecoderLayer decoderLayer = TransformerDecoderLayer(16, 4); // expect NMS007
    private readonly Module<Tensor, Tensor> hidden = Embedding(100, 16); // expect NMS007

    public readonly LayerNorm layerNorm = LayerNorm(16);
    public readonly BatchNorm2d batchNorm = BatchNorm2d(16);
    public readonly Dropout dropout = Dropout();
    public readonly Flatten flatten = Flatten();
    public readonly Identity identity = Identity();
    public readonly ReLU relu = ReLU();
    public readonly GELU gelu = GELU();
    public readonly SiLU silu = SiLU();
    public readonly Tanh tanhs = Tanh();
    public readonly Sigmoid sigmoids = Sigmoid();
    public readonly Softmax softmaxes = Softmax(-1);
    public readonly MaxPool2d maxPool = MaxPool2d(2);
    public readonly AvgPool2d avgPool = AvgPool2d(2);
    public readonly AdaptiveAvgPool2d adaptive = AdaptiveAvgPool2d(1);
    public readonly MSELoss loss = MSELoss();
    public readonly Parameter scale = Parameter(ones(16));

    public override Tensor forward(Tensor x) => hidden.call(relu.call(x)) * scale;
}
