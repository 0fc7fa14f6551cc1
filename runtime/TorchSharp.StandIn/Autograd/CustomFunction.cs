using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        public abstract class Function<T> where T : Function<T>, new()
        {
            private static readonly T Instance = new();

            public abstract string Name { get; }

            public static List<Tensor> apply_internal(params object[] vars)
            {
                Tensor?[] inputs = Array.ConvertAll(vars, v => v as Tensor);
                var context = new AutogradContext(Instance.Name);
                bool record = Graph.NeedsGrad(inputs);
                Edge[] edges = record ? Graph.Edges(inputs) : [];
                List<Tensor> outputs;
                using (no_grad())
                {
                    outputs = Instance.RunForward(context, vars);
                }

                if (record)
                    Attach(context, inputs, edges, outputs);
                return outputs;
            }

            internal abstract List<Tensor> RunForward(AutogradContext ctx, object[] vars);

            internal abstract List<Tensor> RunBackward(AutogradContext ctx, List<Tensor> gradOutputs);

            private static void Attach(AutogradContext context, Tensor?[] inputs, Edge[] edges, List<Tensor> outputs)
            {
                var node = new FunctionNode(Instance, context, edges, [.. inputs.Select(t => t?.shape)], [.. outputs.Select(t => t.shape)]);
                for (int i = 0; i < outputs.Count; i++)
                {
                    Tensor output = outputs[i];
                    if (context.NonDifferentiable.Contains(output, ReferenceEqualityComparer.Instance) || !output.is_floating_point())
                        continue;
                    bool isInput = inputs.Contains(output, ReferenceEqualityComparer.Instance);
                    bool dirty = context.Dirty.Contains(output, ReferenceEqualityComparer.Instance);
                    if (isInput && !dirty)
                        outputs[i] = output = new Tensor(output.Impl.Window(output.shape, output.stride(), output.storage_offset()));
                    else if (dirty && output.Impl is { GradFn: null, RequiresGrad: true })
                        throw Shapes.Error("a leaf Variable that requires grad is being used in an in-place operation.");
                    output.Impl.LeafRequiresGrad = false;
                    output.Impl.GradFn = node;
                    output.Impl.OutputIndex = i;
                }

                context.Save();
            }

            private sealed class FunctionNode(T function, AutogradContext context, Edge[] next, long[]?[] inputShapes, long[][] outputShapes)
                : Node(function.Name, outputShapes.Length, next)
            {
                public override void Backward(Tensor?[] gradOutputs)
                {
                    List<Tensor> incoming = [.. gradOutputs.Select((g, i) => g ?? (context.MaterializeGrads ? zeros(outputShapes[i]) : null!))];
                    List<Tensor> result = function.RunBackward(context, incoming);
                    int used = result.Count;
                    while (used > Next.Length && result[used - 1] is null)
                        used--;
                    if (used != Next.Length)
                        throw Shapes.Error($"function {Name} returned an incorrect number of gradients (expected {Next.Length}, got {result.Count})");
                    for (int i = 0; i < used; i++)
                    {
                        if (result[i] is not { } gradient)
                            continue;
                        if (inputShapes[i] is not { } shape)
                            throw Shapes.Error($"function {Name} returned a gradient different than null at position {i + 1}, but the corresponding forward input was not a Tensor");
                        Give(i, Fit(gradient, shape, i));
                    }
                }

                public override void Release() => context.Dispose();

                private Tensor Fit(Tensor gradient, long[] shape, int input)
                {
                    if (!Shapes.Broadcast(gradient.Impl.Shape, shape).AsSpan().SequenceEqual(gradient.Impl.Shape))
                    {
                        throw Shapes.Error($"Function {Name} returned an invalid gradient at index {input} - got "
                            + $"[{string.Join(", ", gradient.shape)}] but expected shape compatible with [{string.Join(", ", shape)}]");
                    }

                    return Graph.SumTo(gradient, shape);
                }
            }
        }

        public abstract class SingleTensorFunction<T> : Function<T> where T : SingleTensorFunction<T>, new()
        {
            public static Tensor apply(params object[] vars) => apply_internal(vars)[0];

            public abstract Tensor forward(AutogradContext ctx, params object[] vars);

            public abstract List<Tensor> backward(AutogradContext ctx, Tensor grad_output);

            internal override List<Tensor> RunForward(AutogradContext ctx, object[] vars) => [forward(ctx, vars)];

            internal override List<Tensor> RunBackward(AutogradContext ctx, List<Tensor> gradOutputs) => backward(ctx, gradOutputs[0]);
        }

        public abstract class MultiTensorFunction<T> : Function<T> where T : MultiTensorFunction<T>, new()
        {
            public static List<Tensor> apply(params object[] vars) => apply_internal(vars);

            public abstract List<Tensor> forward(AutogradContext ctx, params object[] vars);

            public abstract List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs);

            internal override List<Tensor> RunForward(AutogradContext ctx, object[] vars) => forward(ctx, vars);

            internal override List<Tensor> RunBackward(AutogradContext ctx, List<Tensor> gradOutputs) => backward(ctx, gradOutputs);
        }
    }
}
