using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimizer remembers about one parameter: a step count and some tensors of the parameter's shape.</summary>
public abstract class OptimizerState
{
    protected Parameter _parameter;

    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    internal Parameter Owner => _parameter;

    internal abstract long StepCount { get; set; }

    internal abstract Tensor?[] Slots { get; set; }

    internal abstract void Reset(OptimizerOptions options);

    internal Tensor ZerosLikeOwner() => zeros(_parameter.shape, _parameter.dtype).DetachFromDisposeScope();

    internal void Release()
    {
        foreach (var slot in Slots)
        {
            slot?.Dispose();
        }
        Slots = new Tensor?[Slots.Length];
    }

    internal void CopyFrom(OptimizerState source)
    {
        if (source.GetType() != GetType())
        {
            throw new ArgumentException($"{source.GetType().FullName} does not fit {GetType().FullName}.", nameof(source));
        }
        using var guard = no_grad();
        var copies = source.Slots.Select(slot => slot?.clone().DetachFromDisposeScope()).ToArray();
        CheckShapes(copies);
        Release();
        (StepCount, Slots) = (source.StepCount, copies);
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(StepCount);
        foreach (var slot in Slots)
        {
            writer.Write(slot is not null);
            slot?.Save(writer);
        }
    }

    internal void Read(BinaryReader reader)
    {
        var step = reader.ReadInt64();
        var read = new Tensor?[Slots.Length];
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = reader.ReadBoolean() ? TensorExtensionMethods.Load(reader)!.DetachFromDisposeScope() : null;
        }
        CheckShapes(read);
        Release();
        (StepCount, Slots) = (step, read);
    }

    private void CheckShapes(Tensor?[] slots)
    {
        foreach (var slot in slots)
        {
            if (slot is not null && !slot.shape.AsSpan().SequenceEqual(_parameter.shape))
            {
                throw new ArgumentException(
                    $"Optimizer state of shape [{string.Join(", ", slot.shape)}] does not fit a parameter of shape [{string.Join(", ", _parameter.shape)}].",
                    nameof(slots));
            }
        }
    }
}
