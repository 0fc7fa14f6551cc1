using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        public static void backward(
            IList<Tensor> tensors,
            IList<Tensor>? grad_tensors = null,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null)
        {
            RefuseCreateGraph(create_graph);
            Tensor?[] seeds = Seeds(tensors, grad_tensors);
            if (inputs is null)
            {
                Engine.Run([.. tensors], seeds, retain_graph ?? false);
                return;
            }

            Edge[] edges = [.. inputs.Select(Edge.Of)];
            Dictionary<Edge, TensorImpl> found = Engine.Run([.. tensors], seeds, retain_graph ?? false, edges);
            for (int i = 0; i < edges.Length; i++)
            {
                if (!found.Remove(edges[i], out TensorImpl? gradient))
                    continue;
                using var value = new Tensor(gradient);
                using var accumulated = inputs[i].grad is { } before ? before.add_(value) : value.detach().contiguous();
                inputs[i].grad = accumulated;
            }
        }

        public static void backward(
            Tensor tensor,
            IList<Tensor>? grad_tensors = null,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null)
            => backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static IList<Tensor> grad(
            IList<Tensor> outputs,
            IList<Tensor> inputs,
            IList<Tensor>? grad_outputs = null,
            bool retain_graph = false,
            bool create_graph = false,
            bool allow_unused = false)
        {
            RefuseCreateGraph(create_graph);
            Edge[] edges = [.. inputs.Select(Edge.Of)];
            if (Array.Exists(edges, e => e.Target is null))
                throw Shapes.Error("One of the differentiated Tensors does not require grad");
            Dictionary<Edge, TensorImpl> found = Engine.Run([.. outputs], Seeds(outputs, grad_outputs), retain_graph, edges);
            var result = new List<Tensor>();
            foreach (Edge edge in edges)
            {
                if (found.TryGetValue(edge, out TensorImpl? gradient))
                    result.Add(new Tensor(gradient.AddReference()));
                else if (allow_unused)
                    result.Add(null!);
                else
                    throw Shapes.Error("One of the differentiated Tensors appears to not have been used in the graph. Set allow_unused=True if this is the desired behavior.");
            }

            foreach (TensorImpl gradient in found.Values)
                gradient.Release();
            return result;
        }

        private static Tensor?[] Seeds(IList<Tensor> tensors, IList<Tensor>? gradients)
        {
            if (gradients is not null && gradients.Count != tensors.Count)
                throw Shapes.Error($"got {tensors.Count} tensors and {gradients.Count} gradients");
            return gradients is null ? new Tensor?[tensors.Count] : [.. gradients];
        }

        private static void RefuseCreateGraph(bool create_graph)
        {
            if (create_graph)
                throw new NotSupportedException("The managed stand-in of TorchSharp does not record backward itself (create_graph).");
        }
    }

    public partial class Tensor
    {
        public void backward() => autograd.backward(this);

        public void backward(
            IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null)
            => autograd.backward(this, grad_tensors, retain_graph, create_graph, inputs);
    }
}
