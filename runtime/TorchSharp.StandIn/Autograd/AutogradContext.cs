using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What a custom function keeps between forward and backward.</summary>
        public class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object> data = [];
            private readonly string name;
            private SavedTensor?[]? saved;

            internal AutogradContext(string name) => this.name = name;

            public bool MaterializeGrads { get; private set; } = true;

            internal List<Tensor> Dirty { get; } = [];

            internal List<Tensor> NonDifferentiable { get; } = [];

            internal bool HasSaved => saved is { Length: > 0 };

            internal List<Tensor?>? PendingSaves { get; private set; }

            public void save_for_backward(List<Tensor> tensors)
            {
                if (PendingSaves is not null)
                    throw new InvalidOperationException("save_for_backward can be called only once.");
                PendingSaves = [.. tensors];
            }

            public List<Tensor> get_saved_variables()
                => [.. (saved ?? []).Select(s => s?.Unpack(name)!)];

            public void save_data(string key, object value) => data[key] = value;

            public object get_data(string key) => data[key];

            public void mark_dirty(List<Tensor> tensors) => Dirty.AddRange(tensors);

            public void mark_non_differentiable(List<Tensor> tensors) => NonDifferentiable.AddRange(tensors);

            public void set_materialize_grads(bool value) => MaterializeGrads = value;

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>After forward: outputs have their place in the graph by then, and in-place changes are counted.</summary>
            internal void Save() => saved = Graph.Save([.. PendingSaves ?? []]);

            protected virtual void Dispose(bool disposing)
            {
                foreach (SavedTensor? tensor in saved ?? [])
                    tensor?.Release();
            }
        }
    }
}
