using System.Collections;

namespace TorchSharp.Modules
{
    /// <summary>A list of modules, registered under their positions.</summary>
    public class ModuleList<T> : torch.nn.Module, IList<T>
        where T : torch.nn.Module
    {
        private readonly List<T> _items = [];

        public ModuleList(params T[] modules)
            : base(nameof(ModuleList<>)) => extend(modules);

        public virtual int Count => _items.Count;

        public virtual bool IsReadOnly => false;

        public virtual T this[int index]
        {
            get => _items[index];
            set
            {
                _items[index] = value;
                Renumber();
            }
        }

        public void Add(T item)
        {
            _items.Add(item);
            register_module((Count - 1).ToString(), item);
        }

        public void append(params T[] parameters) => extend(parameters);

        public void extend(IEnumerable<T> modules)
        {
            foreach (var module in modules)
            {
                Add(module);
            }
        }

        public void Insert(int index, T item)
        {
            _items.Insert(index, item);
            Renumber();
        }

        public bool Remove(T item)
        {
            var removed = _items.Remove(item);
            Renumber();
            return removed;
        }

        public void RemoveAt(int index)
        {
            _items.RemoveAt(index);
            Renumber();
        }

        public void Clear()
        {
            _items.Clear();
            ClearModules();
        }

        public bool Contains(T item) => _items.Contains(item);

        public int IndexOf(T item) => _items.IndexOf(item);

        public void CopyTo(T[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

        public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private void Renumber()
        {
            ClearModules();
            for (var i = 0; i < Count; i++)
            {
                register_module(i.ToString(), _items[i]);
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
            public static Modules.ModuleList<T> ModuleList<T>(params T[] modules) where T : Module => new(modules);

            public static Modules.ModuleList<Module> ModuleList(params Module[] modules) => new(modules);
        }
    }
}
