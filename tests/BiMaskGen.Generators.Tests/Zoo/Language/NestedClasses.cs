// emits: Nested.Closed.Hidden: redirected 1 of 1 calls.
// emits: Nested.Holder.Held: redirected 1 of 1 calls.
// emits: Nested.IHolder.Held: redirected 1 of 1 calls.
// emits: Nested.Outer.Inner: redirected 1 of 1 calls.
// emits: Nested.Outer.Inner.Deep: redirected 1 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Nested;

public static partial class Outer
{
    [NMSparse(2, 4)]
    public sealed partial class Inner() : Module<Tensor, Tensor>("inner")
    {
        private readonly Linear fc = Linear(256, 256);
        private readonly Deep deep = new();

        public override Tensor forward(Tensor x) => deep.call(fc.call(x));

        [NMSparse(2, 4)]
        private sealed partial class Deep() : Module<Tensor, Tensor>("deep")
        {
            private readonly Linear fc = Linear(256, 256);

            public override Tensor forward(Tensor x) => fc.call(x);
        }
    }
}

public static class Closed
{
    public static Tensor Run(Tensor x) => new Hidden().call(x);

    [NMSparse(2, 4)]
    private sealed partial class Hidden() : Module<Tensor, Tensor>("hidden") // expect NMS011
    {
        private readonly Linear fc = Linear(256, 256);

        public override Tensor forward(Tensor x) => fc.call(x);
    }
}

public partial interface IHolder
{
    [NMSparse(2, 4)]
    public sealed partial class Held() : Module<Tensor, Tensor>("held")
    {
        private readonly Linear fc = Linear(256, 256);

        public override Tensor forward(Tensor x) => fc.call(x);
    }
}

public partial record struct Holder(int Size)
{
    [NMSparse(2, 4)]
    public sealed partial class Held() : Module<Tensor, Tensor>("held")
    {
        private readonly Linear fc = Linear(256, 256);

        public override Tensor forward(Tensor x) => fc.call(x);
    }
}
