using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>Where a gradient goes: an output of the node that made the tensor, or the accumulator of a leaf.</summary>
internal readonly record struct Edge(Node? Target, int Output)
{
    public static Edge Of(Tensor? tensor)
    {
        if (tensor is null || !tensor.Impl.RequiresGrad)
            return default;
        TensorImpl impl = tensor.Impl;
        return impl.GradFn is { } node ? new(node, impl.OutputIndex) : new(impl.Accumulator ??= new AccumulateGrad(impl), 0);
    }
}

/// <summary>One recorded operation: gradients of its outputs in, gradients of its inputs out.</summary>
internal abstract class Node(string name, int outputs, Edge[] next)
{
    private List<TensorImpl>? retained;

    public string Name { get; } = name;

    public int Outputs { get; } = outputs;

    public Edge[] Next { get; } = next;

    /// <summary>Gives the gradients to <see cref="Give"/>; runs without recording, in a dispose scope of its own.</summary>
    public abstract void Backward(Tensor?[] gradOutputs);

    /// <summary>Lets go of what was saved; a second backward then fails.</summary>
    public abstract void Release();

    public bool Needs(int input) => Next[input].Target is not null;

    /// <summary>Set by <see cref="Give"/> during one backward; the engine takes the references.</summary>
    public TensorImpl?[] Given { get; } = new TensorImpl?[next.Length];

    public void Give(int input, Tensor? gradient)
    {
        if (gradient is not null && Needs(input))
            Given[input] = gradient.Impl.AddReference();
    }

    public void Retain(TensorImpl output)
    {
        retained ??= [];
        if (!retained.Contains(output))
            retained.Add(output);
    }

    public void KeepRetained(TensorImpl?[] gradOutputs)
    {
        foreach (TensorImpl output in retained ?? [])
        {
            if (gradOutputs[output.OutputIndex] is not { } gradient)
                continue;
            output.Grad?.Release();
            output.Grad = Copying.Contiguous(gradient);
        }
    }
}

/// <summary>The end of a path: adds the gradient to the leaf's <c>grad</c>.</summary>
internal sealed class AccumulateGrad(TensorImpl leaf) : Node("AccumulateGrad", 1, [])
{
    public override void Backward(Tensor?[] gradOutputs)
    {
        if (gradOutputs[0]?.Impl is not { } gradient)
            return;
        lock (leaf)
        {
            if (leaf.Grad is { } existing)
            {
                using var target = new Tensor(existing.AddReference());
                target.add_(gradOutputs[0]!);
            }
            else
            {
                leaf.Grad = gradient.IsExclusive && gradient.IsContiguous ? gradient.AddReference() : Copying.Contiguous(gradient);
            }
        }
    }

    public override void Release()
    {
        // Nothing is saved here.
    }
}

/// <summary>The rule of a built-in operation: reads saved tensors by index, gives the gradients of the inputs.</summary>
internal delegate void BackwardRule(OpNode node, Tensor grad);

/// <summary>A built-in operation with one output.</summary>
internal sealed class OpNode(string name, Edge[] next, SavedTensor?[] saved, BackwardRule rule) : Node(name, 1, next)
{
    private bool released;

    public Tensor this[int index] => saved[index]!.Unpack(Name);

    public Tensor? SavedOrNull(int index) => saved[index]?.Unpack(Name);

    public override void Backward(Tensor?[] gradOutputs)
    {
        if (released)
            Array.Find(saved, s => s is not null)?.Unpack(Name);
        if (gradOutputs[0] is { } grad)
            rule(this, grad);
    }

    public override void Release()
    {
        released = true;
        foreach (SavedTensor? tensor in saved)
            tensor?.Release();
    }
}
