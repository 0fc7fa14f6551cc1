using System.Numerics;
using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// Optimizer updates as one pass over the memory of a parameter: every value is read and written once and no temporary tensor is
/// made. Each formula is written once, on vectors; the last, partial vector goes through a small buffer.
/// </summary>
internal static class FusedUpdate
{
    internal delegate void Body(Span<float> parameter, ReadOnlySpan<float> gradient);

    internal static void Run(Parameter parameter, Tensor gradient, Body body)
    {
        if (parameter.dtype != ScalarType.Float32)
        {
            throw new NotSupportedException($"Optimizers update Float32 parameters here, not {parameter.dtype}.");
        }
        using var packed = gradient.contiguous();
        if (parameter.is_contiguous())
        {
            body(parameter.Impl.Span<float>(), packed.Impl.Span<float>());
            parameter.Impl.Buffer.Touch();
            return;
        }
        using var copy = parameter.contiguous();
        body(copy.Impl.Span<float>(), packed.Impl.Span<float>());
        parameter.copy_(copy);
    }

    internal static void Sgd(Span<float> parameter, ReadOnlySpan<float> gradient, Span<float> buffer, bool firstStep, SGD.Options options)
    {
        var lr = Of(-options.LearningRate!.Value);
        var decay = Of(options.weight_decay!.Value);
        var momentum = Of(options.momentum!.Value);
        var intake = Of(1 - options.dampening!.Value);
        var (maximize, nesterov) = (options.maximize!.Value, options.nesterov!.Value);
        var (decays, remembers) = (options.weight_decay.Value != 0, options.momentum.Value != 0);
        for (var i = 0; i < parameter.Length; i += Vector<float>.Count)
        {
            var p = Load(parameter, i);
            var d = Load(gradient, i);
            d = maximize ? -d : d;
            d = decays ? d + (decay * p) : d;
            if (remembers)
            {
                var m = firstStep ? d : (momentum * Load(buffer, i)) + (intake * d);
                Store(m, buffer, i);
                d = nesterov ? d + (momentum * m) : m;
            }
            Store(p + (lr * d), parameter, i);
        }
    }

    /// <summary>Adam; <paramref name="shrink"/> is AdamW's factor on the parameter, <paramref name="decay"/> Adam's share in the gradient.</summary>
    internal static void Adam(Span<float> parameter, ReadOnlySpan<float> gradient, Span<float> average, Span<float> square, Span<float> largest,
        in AdamStep step, double shrink, double decay)
    {
        var keep = Of(shrink);
        var share = Of(decay);
        var (beta1, intake1) = (Of(step.Beta1), Of(1 - step.Beta1));
        var (beta2, intake2) = (Of(step.Beta2), Of(1 - step.Beta2));
        var size = Of(-step.LearningRate / step.Correction1);
        var root2 = Of(Math.Sqrt(step.Correction2));
        var eps = Of(step.Eps);
        var (maximize, amsgrad, shrinks, decays) = (step.Maximize, !largest.IsEmpty, shrink != 1, decay != 0);
        for (var i = 0; i < parameter.Length; i += Vector<float>.Count)
        {
            var p = Load(parameter, i);
            p = shrinks ? p * keep : p;
            var g = Load(gradient, i);
            g = maximize ? -g : g;
            g = decays ? g + (share * p) : g;
            var m = (beta1 * Load(average, i)) + (intake1 * g);
            var v = (beta2 * Load(square, i)) + (intake2 * g * g);
            Store(m, average, i);
            Store(v, square, i);
            if (amsgrad)
            {
                v = Vector.Max(v, Load(largest, i));
                Store(v, largest, i);
            }
            var denominator = (Vector.SquareRoot(v) / root2) + eps;
            Store(p + (size * m / denominator), parameter, i);
        }
    }

    private static Vector<float> Of(double value) => new((float)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Load(ReadOnlySpan<float> values, int start) =>
        values.Length - start >= Vector<float>.Count ? new(values[start..]) : LoadPart(values[start..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector<float> value, Span<float> target, int start)
    {
        if (target.Length - start >= Vector<float>.Count)
        {
            value.CopyTo(target[start..]);
        }
        else
        {
            StorePart(value, target[start..]);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector<float> LoadPart(ReadOnlySpan<float> rest)
    {
        Span<float> whole = stackalloc float[Vector<float>.Count];
        rest.CopyTo(whole);
        return new(whole);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StorePart(Vector<float> value, Span<float> rest)
    {
        Span<float> whole = stackalloc float[Vector<float>.Count];
        value.CopyTo(whole);
        whole[..rest.Length].CopyTo(rest);
    }
}

/// <summary>The numbers of one Adam step.</summary>
internal readonly record struct AdamStep(double LearningRate, double Beta1, double Beta2, double Eps, long Step, bool Maximize)
{
    public double Correction1 => 1 - Math.Pow(Beta1, Step);

    public double Correction2 => 1 - Math.Pow(Beta2, Step);
}
