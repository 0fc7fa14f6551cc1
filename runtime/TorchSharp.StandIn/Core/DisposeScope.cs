namespace TorchSharp;

/// <summary>Owns what is created while it is the innermost scope of its thread, and disposes it at its end.</summary>
public sealed class DisposeScope : IDisposable
{
    [ThreadStatic]
    private static DisposeScope? innermost;

    private readonly HashSet<IDisposable> owned = new(ReferenceEqualityComparer.Instance);
    private DisposeScope? outer;
    private bool ended;

    internal DisposeScope()
    {
        outer = innermost;
        innermost = this;
    }

    public int DisposablesCount => owned.Count;

    public IReadOnlyList<IDisposable> DisposablesView => [.. owned];

    internal static DisposeScope? Current => innermost;

    public bool Contains(IDisposable disposable) => owned.Contains(disposable);

    public void Attach(IDisposable disposable)
    {
        if (disposable is torch.Tensor tensor)
        {
            tensor.OwningScope?.owned.Remove(tensor);
            tensor.OwningScope = this;
        }

        owned.Add(disposable);
    }

    public void Attach(params IDisposable[] disposables) => Array.ForEach(disposables, Attach);

    public T Detach<T>(T disposable) where T : IDisposable
    {
        Move(disposable, null);
        return disposable;
    }

    public void Detach(params IDisposable[] disposables) => Array.ForEach(disposables, d => Move(d, null));

    public T MoveToOuter<T>(T disposable) where T : IDisposable
    {
        Move(disposable, outer);
        return disposable;
    }

    public void MoveToOuter(params IDisposable[] disposables) => Array.ForEach(disposables, d => Move(d, outer));

    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        Move(disposable, scope);
        return disposable;
    }

    public void DisposeEverything() => DisposeEverythingBut();

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut([keep]);
        return keep;
    }

    public void DisposeEverythingBut(params IDisposable[] keep)
    {
        var kept = new HashSet<IDisposable>(keep, ReferenceEqualityComparer.Instance);
        foreach (IDisposable disposable in owned.ToArray())
        {
            if (kept.Contains(disposable))
                continue;
            owned.Remove(disposable);
            disposable.Dispose();
        }
    }

    public void MarkAsDisposed(IDisposable disposable) => owned.Remove(disposable);

    public void Dispose()
    {
        if (ended)
            return;
        ended = true;
        DisposeEverything();
        if (ReferenceEquals(innermost, this))
        {
            innermost = outer;
            return;
        }

        // Ended out of order: unlink it from the middle of the chain.
        for (DisposeScope? scope = innermost; scope is not null; scope = scope.outer)
        {
            if (ReferenceEquals(scope.outer, this))
                scope.outer = outer;
        }
    }

    internal static void Register(torch.Tensor tensor)
    {
        if (innermost is { } scope)
        {
            tensor.OwningScope = scope;
            scope.owned.Add(tensor);
        }
    }

    private void Move(IDisposable disposable, DisposeScope? target)
    {
        owned.Remove(disposable);
        if (disposable is torch.Tensor tensor)
            tensor.OwningScope = null;
        target?.Attach(disposable);
    }
}

public static partial class torch
{
    public static DisposeScope? CurrentDisposeScope => DisposeScope.Current;

    public static DisposeScope NewDisposeScope() => new();

    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using DisposeScope scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }

    public partial class Tensor
    {
        internal DisposeScope? OwningScope { get; set; }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningScope is { } scope)
                scope.MoveToOther(other, this);
            else
                other?.Attach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningScope);
    }
}
