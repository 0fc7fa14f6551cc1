using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Modules called one after the other. Each intermediate is disposed once the next module returned.</summary>
    public class Sequential : nn.Module<Tensor, Tensor>
    {
        private readonly List<(string Name, nn.IModule<Tensor, Tensor> Module)> _items = [];

        protected internal Sequential(params (string, nn.Module<Tensor, Tensor>)[] modules)
            : base(nameof(Sequential))
        {
            foreach (var (key, module) in modules)
            {
                append(key, module);
            }
        }

        protected internal Sequential(params nn.Module<Tensor, Tensor>[] modules)
            : base(nameof(Sequential))
        {
            foreach (var module in modules)
            {
                append(module);
            }
        }

        public int Count => _items.Count;

        [IndexerName("SequentialItems")]
        public nn.IModule<Tensor, Tensor> this[int index] => _items[index].Module;

        /// <summary>A plain Sequential over the same modules under their names.</summary>
        [IndexerName("SequentialItems")]
        public Sequential this[Range index]
        {
            get
            {
                var (offset, length) = index.GetOffsetAndLength(Count);
                Sequential part = new(Array.Empty<nn.Module<Tensor, Tensor>>());
                foreach (var (key, module) in _items.GetRange(offset, length))
                {
                    part.append(key, module);
                }
                return part;
            }
        }

        [IndexerName("SequentialItems")]
        public Sequential this[(int? start, int? end) index] => this[(index.start ?? 0)..(index.end ?? Count)];

        public Sequential append(nn.IModule<Tensor, Tensor> module) => append(Count.ToString(), module);

        public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
        {
            register_module(name, (nn.Module)module);
            _items.Add((name, module));
            return this;
        }

        public override Tensor forward(Tensor tensor)
        {
            if (Count == 0)
            {
                return tensor.alias();
            }
            var current = _items[0].Module.call(tensor);
            foreach (var (_, module) in _items.Skip(1))
            {
                var next = module.call(current);
                current.Dispose();
                current = next;
            }
            return current;
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Sequential Sequential() => new(Array.Empty<Module<Tensor, Tensor>>());

            public static Modules.Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => new(modules);

            public static Modules.Sequential Sequential(params Module<Tensor, Tensor>[] modules) => new(modules);

            public static Modules.Sequential Sequential(params Tuple<string, Module<Tensor, Tensor>>[] modules) => new(Named(modules));

            public static Modules.Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) => new(modules.ToArray());

            public static Modules.Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) => new(modules.ToArray());

            public static Modules.Sequential Sequential(IEnumerable<Tuple<string, Module<Tensor, Tensor>>> modules) => new(Named(modules));

            private static (string, Module<Tensor, Tensor>)[] Named(IEnumerable<Tuple<string, Module<Tensor, Tensor>>> modules) =>
                [.. modules.Select(module => (module.Item1, module.Item2))];
        }
    }
}
