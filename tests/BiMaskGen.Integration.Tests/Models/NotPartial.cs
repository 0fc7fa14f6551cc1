using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Models;

/// <summary>A nested class that is not partial: its calls are redirected, but it is no <see cref="INMSparseModel"/>.</summary>
internal static class NotPartial
{
    [NMSparse(2, 4)]
    internal sealed class Inner : Stack
    {
        private readonly Linear fc = Linear(20, 12);

        public Inner() : base("inner") => RegisterComponents();

        public override IReadOnlyList<StackLayer> Plan => [new("fc", fc, Act.Relu, 2, 4)];

        public override Tensor forward(Tensor x) => relu(fc.call(x));

        public override Tensor Probe(int layer, Tensor x) => fc.call(x);
    }
}
