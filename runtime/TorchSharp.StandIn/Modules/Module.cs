using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Base of all modules: named parameters, buffers and sub-modules.</summary>
        public partial class Module : IDisposable
        {
            private readonly OrderedDictionary<string, Parameter> _ownParameters = [];
            private readonly OrderedDictionary<string, (Tensor Value, bool Persistent)> _ownBuffers = [];
            private readonly OrderedDictionary<string, Module> _subModules = [];
            private bool _componentsRegistered;
            private bool _training = true;

            protected string name;

            protected Module(string name) => this.name = name;

            public virtual bool training => _training;

            public virtual string GetName() => name;

            public virtual void train(bool train = true)
            {
                _training = train;
                foreach (var module in _subModules.Values)
                {
                    module.train(train);
                }
            }

            public virtual void eval() => train(false);

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                {
                    ClearGradient(parameter, set_to_none);
                }
            }

            internal static void ClearGradient(Parameter parameter, bool setToNone)
            {
                if (setToNone)
                {
                    parameter.grad = null;
                    return;
                }
                using var guard = no_grad();
                using var gradient = parameter.grad;
                gradient?.zero_();
            }

            public virtual Module apply(Action<Module> fn)
            {
                foreach (var module in _subModules.Values)
                {
                    module.apply(fn);
                }
                fn(this);
                return this;
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                if (!_ownBuffers.TryAdd(name, (tensor, persistent)))
                {
                    throw new InvalidOperationException($"Module '{GetName()}' already has a buffer '{name}'.");
                }
            }

            public virtual void register_parameter(string name, Parameter param)
            {
                ArgumentNullException.ThrowIfNull(param);
                if (!_ownParameters.TryAdd(name, param))
                {
                    throw new InvalidOperationException($"Module '{GetName()}' already has a parameter '{name}'.");
                }
            }

            public virtual void register_module(string name, Module submodule)
            {
                ArgumentNullException.ThrowIfNull(submodule);
                ArgumentException.ThrowIfNullOrEmpty(name);
                if (name.Contains('.', StringComparison.Ordinal))
                {
                    throw new ArgumentException($"A module name can't contain '.': '{name}'.", nameof(name));
                }
                if (_subModules.ContainsKey(name))
                {
                    throw new InvalidOperationException($"Module '{GetName()}' already has a sub-module '{name}'.");
                }
                submodule.RegisterComponents();
                _subModules.Add(name, submodule);
            }

            public void add_module(string name, Module module) => register_module(name, module);

            protected void ConditionallyRegisterParameter(string name, Parameter? value)
            {
                if (value is null)
                {
                    _ownParameters.Remove(name);
                }
                else
                {
                    _ownParameters[name] = value;
                }
            }

            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                if (value is null)
                {
                    _ownBuffers.Remove(name);
                }
                else
                {
                    _ownBuffers[name] = (value, persistent);
                }
            }

            /// <summary>Setter of a parameter property: the new value outlives any scope, the old one is disposed.</summary>
            internal void SetParameter(ref Parameter? field, string name, Parameter? value)
            {
                Replace(ref field, value);
                ConditionallyRegisterParameter(name, value);
            }

            /// <summary>Setter of a buffer property, as <see cref="SetParameter"/>.</summary>
            internal void SetBuffer(ref Tensor? field, string name, Tensor? value)
            {
                Replace(ref field, value);
                ConditionallyRegisterBuffer(name, value);
            }

            private static void Replace<T>(ref T? field, T? value)
                where T : Tensor
            {
                if (!ReferenceEquals(field, value))
                {
                    field?.Dispose();
                    value?.DetachFromDisposeScope();
                    field = value;
                }
            }

            protected void ClearModules() => _subModules.Clear();

            /// <summary>Registers what the fields hold; fields that were registered by hand keep their entry.</summary>
            protected virtual void RegisterComponents()
            {
                if (_componentsRegistered)
                {
                    return;
                }
                _componentsRegistered = true;
                const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
                for (var type = GetType(); type is not null && type != typeof(Module); type = type.BaseType)
                {
                    foreach (var field in type.GetFields(Own))
                    {
                        RegisterField(field);
                    }
                }
            }

            private void RegisterField(FieldInfo field)
            {
                if (!typeof(Module).IsAssignableFrom(field.FieldType) && !typeof(Tensor).IsAssignableFrom(field.FieldType)
                    && !field.FieldType.IsInterface)
                {
                    return;
                }
                var fieldName = field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
                switch (field.GetValue(this))
                {
                    case Module module when !_subModules.ContainsKey(fieldName):
                        register_module(fieldName, module);
                        break;
                    case Parameter parameter:
                        ConditionallyRegisterParameter(fieldName, parameter);
                        break;
                    case Tensor tensor:
                        var persistent = !_ownBuffers.TryGetValue(fieldName, out var known) || known.Persistent;
                        ConditionallyRegisterBuffer(fieldName, tensor, persistent);
                        break;
                }
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing)
                {
                    return;
                }
                foreach (var parameter in _ownParameters.Values)
                {
                    parameter.Dispose();
                }
                foreach (var (value, _) in _ownBuffers.Values)
                {
                    value.Dispose();
                }
                foreach (var module in _subModules.Values)
                {
                    module.Dispose();
                }
            }
        }
    }
}
