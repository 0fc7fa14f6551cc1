using System.Text;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                string Key(string own) => string.IsNullOrEmpty(prefix) ? own : $"{prefix}.{own}";
                // As in TorchSharp: a Sequential answers for its elements' tensors and does not ask them.
                bool asks = this is not Modules.Sequential;
                foreach (var (key, parameter) in named_parameters(recurse: !asks))
                {
                    destination.TryAdd(Key(key), parameter);
                }
                foreach (var (key, buffer) in named_buffers(recurse: !asks, include_nonpersistent: false))
                {
                    destination.TryAdd(Key(key), buffer);
                }
                foreach (var (key, module) in asks ? named_children() : [])
                {
                    module.state_dict(destination, Key(key));
                }
                return destination;
            }

            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                ArgumentNullException.ThrowIfNull(source);
                skip ??= [];
                var destination = state_dict();
                List<string> missing = [.. destination.Keys.Where(key => !source.ContainsKey(key) && !skip.Contains(key))];
                List<string> unexpected = [.. source.Keys.Where(key => !destination.ContainsKey(key) && !skip.Contains(key))];
                if (strict && (missing.Count > 0 || unexpected.Count > 0))
                {
                    throw new InvalidOperationException(
                        $"The state_dict does not fit module '{GetName()}'. Missing: [{string.Join(", ", missing)}]; unexpected: [{string.Join(", ", unexpected)}].");
                }
                List<(Tensor Target, Tensor Value)> copies = [];
                foreach (var (key, value) in source)
                {
                    if (skip.Contains(key) || !destination.TryGetValue(key, out var target))
                    {
                        continue;
                    }
                    if (!target.shape.AsSpan().SequenceEqual(value.shape))
                    {
                        throw new InvalidOperationException(
                            $"'{key}' is [{string.Join(", ", target.shape)}] in the module and [{string.Join(", ", value.shape)}] in the state_dict.");
                    }
                    copies.Add((target, value));
                }
                using var guard = no_grad();
                foreach (var (target, value) in copies)
                {
                    target.copy_(value);
                }
                return (missing, unexpected);
            }

            public Module save(string location, IList<string>? skip = null)
            {
                using var stream = File.Create(location);
                return save(stream, skip);
            }

            public Module save(Stream stream, IList<string>? skip = null)
            {
                using BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true);
                return save(writer, skip);
            }

            public Module save(BinaryWriter writer, IList<string>? skip = null)
            {
                save_state_dict(writer, state_dict(), skip);
                return this;
            }

            public static void save_state_dict(BinaryWriter writer, Dictionary<string, Tensor> sd, IList<string>? skip = null)
            {
                var kept = sd.Where(entry => skip is null || !skip.Contains(entry.Key)).ToList();
                writer.Encode(kept.Count);
                foreach (var (key, value) in kept)
                {
                    writer.Write(key);
                    value.Save(writer);
                }
            }

            public virtual Module load(string location, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var stream = File.OpenRead(location);
                return load(stream, strict, skip, loadedParameters);
            }

            public Module load(Stream stream, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using BinaryReader reader = new(stream, Encoding.UTF8, leaveOpen: true);
                return load(reader, strict, skip, loadedParameters);
            }

            public virtual Module load(BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                skip ??= [];
                var destination = state_dict();
                HashSet<string> expected = [.. destination.Keys.Where(key => !skip.Contains(key))];
                var entries = reader.Decode();
                for (var i = 0L; i < entries; i++)
                {
                    var key = reader.ReadString();
                    var known = destination.TryGetValue(key, out var target);
                    if (strict && !known)
                    {
                        throw new ArgumentException($"Module '{GetName()}' has no tensor '{key}', which the file holds.", nameof(reader));
                    }
                    if (target is null || skip.Contains(key))
                    {
                        TensorExtensionMethods.Load(reader, skip: true);
                        continue;
                    }
                    target.Load(reader);
                    expected.Remove(key);
                    loadedParameters?[key] = true;
                }
                if (strict && expected.Count > 0)
                {
                    throw new ArgumentException($"The file lacks [{string.Join(", ", expected)}] of module '{GetName()}'.", nameof(reader));
                }
                return this;
            }
        }
    }
}
