using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>A tensor that a module owns and an optimizer updates. It takes over <c>data</c>, which is empty afterwards.</summary>
    public class Parameter : Tensor
    {
        public Parameter(Tensor data, bool requires_grad = true)
            : base(data.MoveImpl(), register: false)
        {
            this.requires_grad = requires_grad;
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
