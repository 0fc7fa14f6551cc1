using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Hyperparameters of Adam and AdamW; their public options differ only in type.</summary>
internal readonly record struct AdamSettings(double? Beta1, double? Beta2, double? Eps, double? WeightDecay, bool? Amsgrad, bool? Maximize)
{
    internal AdamSettings(double?[] values)
        : this(values[0], values[1], values[2], values[3], OptimizerOptions.Flag(values[4]), OptimizerOptions.Flag(values[5]))
    {
    }

    internal double?[] Values => [Beta1, Beta2, Eps, WeightDecay, OptimizerOptions.Flag(Amsgrad), OptimizerOptions.Flag(Maximize)];
}

/// <summary>Options that hold <see cref="AdamSettings"/>.</summary>
internal interface IAdamOptions
{
    AdamSettings Settings { get; set; }
}

/// <summary>Running means of the gradient and of its square; with amsgrad the largest square so far.</summary>
internal sealed class AdamState(Parameter parameter) : OptimizerState(parameter)
{
    private Tensor?[] _slots = new Tensor?[3];

    internal override long StepCount { get; set; }

    internal override Tensor?[] Slots
    {
        get => _slots;
        set => _slots = value;
    }

    internal override void Reset(OptimizerOptions options)
    {
        Release();
        StepCount = 0;
        _slots = [ZerosLikeOwner(), ZerosLikeOwner(), ((IAdamOptions)options).Settings.Amsgrad == true ? ZerosLikeOwner() : null];
    }

    internal Span<float> Slot(int index) => _slots[index] is { } slot ? slot.Impl.Span<float>() : [];
}

/// <summary>The update of Adam and AdamW.</summary>
internal static class AdamCore
{
    internal static void Update(Parameter parameter, Tensor gradient, OptimizerOptions options, AdamState state, bool decoupled)
    {
        var settings = ((IAdamOptions)options).Settings;
        var lr = options.LearningRate!.Value;
        var weightDecay = settings.WeightDecay!.Value;
        AdamStep step = new(lr, settings.Beta1!.Value, settings.Beta2!.Value, settings.Eps!.Value, ++state.StepCount, settings.Maximize!.Value);
        var (shrink, share) = decoupled ? (1 - (lr * weightDecay), 0.0) : (1.0, weightDecay);
        FusedUpdate.Run(parameter, gradient, (values, slope) =>
            FusedUpdate.Adam(values, slope, state.Slot(0), state.Slot(1), state.Slot(2), step, shrink, share));
        if (decoupled)
        {
            // torch shrinks the parameter and then adds to it: two in-place operations.
            parameter.Impl.Buffer.Touch();
        }
    }

    internal static TOptions Options<TOptions>(double lr, AdamSettings settings)
        where TOptions : OptimizerOptions, IAdamOptions, new() =>
        new() { LearningRate = lr, InitialLearningRate = lr, Settings = settings };

    internal static void CheckArguments(double lr, double beta1, double beta2, double eps, double weightDecay)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lr);
        ArgumentOutOfRangeException.ThrowIfNegative(eps);
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        if (beta1 is not (>= 0 and < 1) || beta2 is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(beta1), $"({beta1}, {beta2})", "The betas lie in [0, 1).");
        }
    }
}
