// Modules of TorchSharp that the stand-in lacks, as far as a specimen mentions them: their types, and factories that make them.
// Compiled into an assembly of its own that the specimens reference; nothing of it is ever run.
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    public abstract class Unary(string name) : Module<Tensor, Tensor>(name)
    {
        public override Tensor forward(Tensor input) => input;
    }

    public abstract class WithState(string name) : Module<Tensor, (Tensor, Tensor)>(name)
    {
        public override (Tensor, Tensor) forward(Tensor input) => (input, input);
    }

    public sealed class Bilinear() : Module<Tensor, Tensor, Tensor>("Bilinear")
    {
        public override Tensor forward(Tensor input1, Tensor input2) => input1;
    }

    public sealed class Conv3d() : Unary("Conv3d");

    public sealed class ConvTranspose1d() : Unary("ConvTranspose1d");

    public sealed class ConvTranspose2d() : Unary("ConvTranspose2d");

    public sealed class ConvTranspose3d() : Unary("ConvTranspose3d");

    public sealed class EmbeddingBag() : Unary("EmbeddingBag");

    public sealed class RNN() : WithState("RNN");

    public sealed class GRU() : WithState("GRU");

    public sealed class LSTM() : Module<Tensor, (Tensor, Tensor, Tensor)>("LSTM")
    {
        public override (Tensor, Tensor, Tensor) forward(Tensor input) => (input, input, input);
    }

    public sealed class RNNCell() : Unary("RNNCell");

    public sealed class GRUCell() : Unary("GRUCell");

    public sealed class LSTMCell() : WithState("LSTMCell");

    public sealed class MultiheadAttention() : Module<Tensor, Tensor, Tensor, (Tensor, Tensor?)>("MultiheadAttention")
    {
        public override (Tensor, Tensor?) forward(Tensor query, Tensor key, Tensor value) => (query, null);
    }

    public sealed class Transformer() : Module<Tensor, Tensor, Tensor>("Transformer")
    {
        public override Tensor forward(Tensor source, Tensor target) => target;
    }

    public sealed class TransformerEncoder() : Unary("TransformerEncoder");

    public sealed class TransformerEncoderLayer() : Unary("TransformerEncoderLayer");

    public sealed class TransformerDecoder() : Module<Tensor, Tensor, Tensor>("TransformerDecoder")
    {
        public override Tensor forward(Tensor target, Tensor memory) => target;
    }

    public sealed class TransformerDecoderLayer() : Module<Tensor, Tensor, Tensor>("TransformerDecoderLayer")
    {
        public override Tensor forward(Tensor target, Tensor memory) => target;
    }
}

namespace Zoo.Support
{
    using TorchSharp.Modules;

    /// <summary>Stands for the static methods of torch.nn, to which another assembly cannot add.</summary>
    public static class Factories
    {
        public static Bilinear Bilinear(long in1Features, long in2Features, long outputSize) => new();

        public static Conv3d Conv3d(long in_channels, long out_channels, long kernel_size) => new();

        public static ConvTranspose1d ConvTranspose1d(long in_channels, long out_channels, long kernel_size) => new();

        public static ConvTranspose2d ConvTranspose2d(long in_channels, long out_channels, long kernel_size) => new();

        public static ConvTranspose3d ConvTranspose3d(long in_channels, long out_channels, long kernel_size) => new();

        public static EmbeddingBag EmbeddingBag(long num_embeddings, long embedding_dims) => new();

        public static RNN RNN(long inputSize, long hiddenSize) => new();

        public static GRU GRU(long inputSize, long hiddenSize) => new();

        public static LSTM LSTM(long inputSize, long hiddenSize) => new();

        public static RNNCell RNNCell(long inputSize, long hiddenSize) => new();

        public static GRUCell GRUCell(long inputSize, long hiddenSize) => new();

        public static LSTMCell LSTMCell(long inputSize, long hiddenSize) => new();

        public static MultiheadAttention MultiheadAttention(long embedded_dim, long num_heads) => new();

        public static Transformer Transformer(long d_model, long nhead) => new();

        public static TransformerEncoder TransformerEncoder(long d_model, long nhead) => new();

        public static TransformerEncoderLayer TransformerEncoderLayer(long d_model, long nhead) => new();

        public static TransformerDecoder TransformerDecoder(long d_model, long nhead) => new();

        public static TransformerDecoderLayer TransformerDecoderLayer(long d_model, long nhead) => new();
    }
}
