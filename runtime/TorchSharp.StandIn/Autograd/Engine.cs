using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>Runs the recorded operations backwards, each once all gradients of its outputs have come in.</summary>
internal sealed class Engine
{
    private readonly Dictionary<Node, TensorImpl?[]> incoming = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Node, int> waiting = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Edge, TensorImpl> captured = [];
    private readonly HashSet<Edge>? wanted;
    private readonly bool retainGraph;

    private Engine(IEnumerable<Edge>? wanted, bool retainGraph)
    {
        this.wanted = wanted is null ? null : [.. wanted];
        this.retainGraph = retainGraph;
    }

    /// <summary>Backward from the roots. With <paramref name="wanted"/>, leaves stay as they are and those gradients come back.</summary>
    public static Dictionary<Edge, TensorImpl> Run(
        IReadOnlyList<Tensor> roots, IReadOnlyList<Tensor?> gradients, bool retainGraph, IEnumerable<Edge>? wanted = null)
    {
        var engine = new Engine(wanted, retainGraph);
        using var mode = new GradMode(false);
        foreach (Tensor root in roots)
        {
            if (!root.Impl.RequiresGrad)
                throw Shapes.Error("element 0 of tensors does not require grad and does not have a grad_fn");
        }

        Edge[] edges = [.. roots.Select(Edge.Of)];
        engine.CountDependencies(edges);
        for (int i = 0; i < edges.Length; i++)
        {
            Tensor seed = gradients[i] ?? Seed(roots[i]);
            if (!seed.Impl.Shape.AsSpan().SequenceEqual(roots[i].Impl.Shape))
                throw Shapes.Error($"Mismatch in shape: grad_output[{i}] has [{string.Join(", ", seed.shape)}], the output [{string.Join(", ", roots[i].shape)}]");
            engine.Accumulate(edges[i], seed.Impl.AddReference());
            if (gradients[i] is null)
                seed.Dispose();
        }

        try
        {
            engine.Process(edges);
        }
        finally
        {
            foreach (TensorImpl? left in engine.incoming.Values.SelectMany(g => g))
                left?.Release();
        }

        return engine.captured;
    }

    private static Tensor Seed(Tensor root)
    {
        if (root.Impl.Numel != 1)
            throw Shapes.Error("grad can be implicitly created only for scalar outputs");
        return ones_like(root);
    }

    private void CountDependencies(Edge[] roots)
    {
        var seen = new HashSet<Node>(ReferenceEqualityComparer.Instance);
        var stack = new Stack<Node>(roots.Select(r => r.Target!).Where(seen.Add));
        while (stack.TryPop(out Node? node))
        {
            foreach (Edge edge in node.Next)
            {
                if (edge.Target is not { } target)
                    continue;
                waiting[target] = waiting.GetValueOrDefault(target) + 1;
                if (seen.Add(target))
                    stack.Push(target);
            }
        }
    }

    private void Process(Edge[] roots)
    {
        var ready = new Stack<Node>(roots.Select(r => r.Target!).Distinct().Where(n => waiting.GetValueOrDefault(n) == 0));
        while (ready.TryPop(out Node? node))
        {
            if (incoming.Remove(node, out TensorImpl?[]? gradients))
                Evaluate(node, gradients);
            for (int i = 0; i < node.Next.Length; i++)
            {
                Edge edge = node.Next[i];
                if (edge.Target is not { } target)
                    continue;
                if (node.Given[i] is { } gradient)
                    Accumulate(edge, gradient);
                node.Given[i] = null;
                if (--waiting[target] == 0)
                    ready.Push(target);
            }
        }
    }

    private void Evaluate(Node node, TensorImpl?[] gradients)
    {
        for (int i = 0; i < gradients.Length; i++)
        {
            if (gradients[i] is { } gradient && wanted is not null && wanted.Contains(new(node, i)))
                captured[new(node, i)] = gradient.AddReference();
        }

        node.KeepRetained(gradients);
        if (wanted is not null && node is AccumulateGrad)
        {
            Array.ForEach(gradients, g => g?.Release());
            return;
        }

        Array.Clear(node.Given);
        using (NewDisposeScope())
        {
            node.Backward(Array.ConvertAll(gradients, g => g is null ? null : new Tensor(g)));
        }

        if (!retainGraph)
            node.Release();
    }

    /// <summary>Adds to what has come in for the edge; takes over the reference.</summary>
    private void Accumulate(Edge edge, TensorImpl gradient)
    {
        if (!incoming.TryGetValue(edge.Target!, out TensorImpl?[]? slots))
            incoming[edge.Target!] = slots = new TensorImpl?[edge.Target!.Outputs];
        ref TensorImpl? slot = ref slots[edge.Output];
        if (slot is null)
        {
            slot = gradient;
            return;
        }

        using DisposeScope scope = NewDisposeScope();
        bool inPlace = slot.IsExclusive && slot.IsContiguous;
        Tensor sum = new(slot);
        Tensor other = new(gradient);
        slot = (inPlace ? sum.add_(other) : sum.add(other)).Impl.AddReference();
    }
}
