using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace TorchSharp.Modules
{
    /// <summary>Named modules in the order of their insertion.</summary>
    public class ModuleDict<T> : torch.nn.Module, IEnumerable<(string, T)>
        where T : torch.nn.Module
    {
        private readonly OrderedDictionary<string, T> _items = [];

        public ModuleDict()
            : base(nameof(ModuleDict<>))
        {
        }

        public virtual int Count => _items.Count;

        public virtual T this[string key]
        {
            get => _items[key];
            set
            {
                _items[key] = value;
                Reregister();
            }
        }

        public void Add(string key, T value)
        {
            _items.Add(key, value);
            register_module(key, value);
        }

        public void Add((string, T) item) => Add(item.Item1, item.Item2);

        public bool Remove(string key)
        {
            var removed = _items.Remove(key);
            Reregister();
            return removed;
        }

        public void clear()
        {
            _items.Clear();
            ClearModules();
        }

        public bool ContainsKey(string key) => _items.ContainsKey(key);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => _items.TryGetValue(key, out value);

        public IEnumerable<string> keys() => _items.Keys;

        public IEnumerable<T> values() => _items.Values;

        public IEnumerator<(string, T)> items() => GetEnumerator();

        public IEnumerator<(string, T)> GetEnumerator() => _items.Select(item => (item.Key, item.Value)).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private void Reregister()
        {
            ClearModules();
            foreach (var (key, module) in _items)
            {
                register_module(key, module);
            }
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.ModuleDict<T> ModuleDict<T>(params (string, T)[] modules) where T : Module
            {
                Modules.ModuleDict<T> dict = [];
                foreach (var module in modules)
                {
                    dict.Add(module);
                }
                return dict;
            }

            public static Modules.ModuleDict<Module> ModuleDict(params (string, Module)[] modules) => ModuleDict<Module>(modules);
        }
    }
}
