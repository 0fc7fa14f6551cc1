using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public virtual IEnumerable<(string name, Module module)> named_children()
            {
                foreach (var (key, module) in _subModules)
                {
                    yield return (key, module);
                }
            }

            public virtual IEnumerable<Module> children() => named_children().Select(child => child.module);

            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var (key, module) in named_children())
                {
                    yield return (key, module);
                    foreach (var (inner, descendant) in module.named_modules())
                    {
                        yield return ($"{key}.{inner}", descendant);
                    }
                }
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(entry => entry.module);

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                // A parameter that two modules share is listed once, under its first name.
                HashSet<Parameter> seen = new(ReferenceEqualityComparer.Instance);
                foreach (var (key, parameter) in _ownParameters)
                {
                    if (!parameter.IsInvalid && seen.Add(parameter))
                    {
                        yield return (key, parameter);
                    }
                }
                if (!recurse)
                {
                    yield break;
                }
                foreach (var (key, module) in named_children())
                {
                    foreach (var (inner, parameter) in module.named_parameters())
                    {
                        if (seen.Add(parameter))
                        {
                            yield return ($"{key}.{inner}", parameter);
                        }
                    }
                }
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) =>
                named_parameters(recurse).Select(entry => entry.parameter);

            /// <summary>Non-persistent buffers are left out always, as TorchSharp does.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                foreach (var (key, (value, persistent)) in _ownBuffers)
                {
                    if (persistent && !value.IsInvalid)
                    {
                        yield return (key, value);
                    }
                }
                if (!recurse)
                {
                    yield break;
                }
                foreach (var (key, module) in named_children())
                {
                    foreach (var (inner, value) in module.named_buffers(true, include_nonpersistent))
                    {
                        yield return ($"{key}.{inner}", value);
                    }
                }
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(entry => entry.buffer);

            public virtual bool has_parameter(string target) => FindParameter(target) is not null;

            public virtual bool has_buffer(string target) => FindBuffer(target) is not null;

            public virtual Parameter? get_parameter(string target) => FindParameter(target);

            public virtual Tensor? get_buffer(string target) => FindBuffer(target);

            private Parameter? FindParameter(string target)
            {
                var (owner, key) = FindOwner(target);
                return owner is not null && owner._ownParameters.TryGetValue(key, out var parameter) ? parameter : null;
            }

            private Tensor? FindBuffer(string target)
            {
                var (owner, key) = FindOwner(target);
                return owner is not null && owner._ownBuffers.TryGetValue(key, out var buffer) ? buffer.Value : null;
            }

            // The module that a dotted name leads to, and the last part of the name.
            private (Module? Owner, string Key) FindOwner(string target)
            {
                ArgumentNullException.ThrowIfNull(target);
                var parts = target.Split('.');
                var owner = this;
                foreach (var part in parts.AsSpan(0, parts.Length - 1))
                {
                    if (!owner._subModules.TryGetValue(part, out owner))
                    {
                        return (null, parts[^1]);
                    }
                }
                return (owner, parts[^1]);
            }
        }
    }
}
