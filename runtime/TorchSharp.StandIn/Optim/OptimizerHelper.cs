using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Groups, defaults, per-parameter state and its files: what the optimizers share.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    private readonly Dictionary<Parameter, OptimizerState> _states = new(ReferenceEqualityComparer.Instance);

    protected OptimizerOptions _defaults = new();

    public OptimizerHelper()
        : base(IntPtr.Zero)
    {
    }

    public override void add_param_group(ParamGroup param_group)
    {
        ArgumentNullException.ThrowIfNull(param_group);
        param_group.Parameters = [.. param_group.Parameters];
        param_group.Options.FillFrom(_defaults);
        foreach (var parameter in param_group.Parameters)
        {
            if (_states.ContainsKey(parameter))
            {
                throw new ArgumentException("A parameter is in two groups of the optimizer.", nameof(param_group));
            }
            var state = CreateState(parameter);
            state.Reset(param_group.Options);
            _states.Add(parameter, state);
        }
        _parameter_groups.Add(param_group);
    }

    public virtual StateDictionary state_dict()
    {
        StateDictionary dictionary = new();
        foreach (var group in _parameter_groups)
        {
            dictionary.Options.Add(group.Options);
            List<int> indices = [];
            foreach (var parameter in group.Parameters)
            {
                indices.Add(dictionary.State.Count);
                dictionary.State.Add(_states[parameter]);
            }
            dictionary.StateIndexRef.Add(indices);
        }
        return dictionary;
    }

    public virtual void load_state_dict(StateDictionary state_dict)
    {
        ArgumentNullException.ThrowIfNull(state_dict);
        var own = this.state_dict();
        CheckCounts(own, state_dict.Options.Count, state_dict.State.Count);
        foreach (var (target, source) in own.Options.Zip(state_dict.Options))
        {
            target.LoadStateDict(source);
        }
        foreach (var (target, source) in own.State.Zip(state_dict.State))
        {
            if (!ReferenceEquals(target, source))
            {
                target.CopyFrom(source);
            }
        }
    }

    public void save_state_dict(string location)
    {
        using BinaryWriter writer = new(File.Create(location), Encoding.UTF8);
        save_state_dict(writer);
    }

    public void save_state_dict(BinaryWriter writer)
    {
        var own = state_dict();
        writer.Write(GetType().Name);
        writer.Encode(own.Options.Count);
        writer.Encode(own.State.Count);
        foreach (var options in own.Options)
        {
            options.SaveStateDict(writer);
        }
        foreach (var state in own.State)
        {
            state.Write(writer);
        }
    }

    public void load_state_dict(string location)
    {
        using BinaryReader reader = new(File.OpenRead(location), Encoding.UTF8);
        load_state_dict(reader);
    }

    public void load_state_dict(BinaryReader reader)
    {
        var kind = reader.ReadString();
        if (kind != GetType().Name)
        {
            throw new InvalidDataException($"The state is of a {kind}, the optimizer is a {GetType().Name}.");
        }
        var own = state_dict();
        CheckCounts(own, reader.Decode(), reader.Decode());
        foreach (var options in own.Options)
        {
            options.LoadStateDict(reader);
        }
        foreach (var state in own.State)
        {
            state.Read(reader);
        }
    }

    internal abstract OptimizerState CreateState(Parameter parameter);

    /// <summary>The closure under autograd, then <paramref name="update"/> for each parameter that has a gradient.</summary>
    internal Tensor? Step<TOptions>(Func<Tensor>? closure, Action<Parameter, Tensor, TOptions, OptimizerState> update)
        where TOptions : OptimizerOptions
    {
        Tensor? loss = null;
        if (closure is not null)
        {
            using var gradients = enable_grad();
            loss = closure();
        }
        using var guard = no_grad();
        foreach (var group in _parameter_groups)
        {
            foreach (var parameter in group.Parameters)
            {
                using var gradient = parameter.grad;
                if (gradient is not null)
                {
                    update(parameter, gradient, (TOptions)group.Options, _states[parameter]);
                }
            }
        }
        return loss;
    }

    internal override void ReleaseState()
    {
        foreach (var state in _states.Values)
        {
            state.Release();
        }
        _states.Clear();
        _parameter_groups.Clear();
    }

    private static void CheckCounts(StateDictionary own, long options, long states)
    {
        if (own.Options.Count != options || own.State.Count != states)
        {
            throw new ArgumentException(
                $"The state holds {options} groups and {states} parameters, the optimizer {own.Options.Count} and {own.State.Count}.");
        }
    }
}
