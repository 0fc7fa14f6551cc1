namespace TorchSharp.Modules;

/// <summary>Hyperparameters of one parameter group. A field left null takes the optimizer's default.</summary>
public class OptimizerOptions
{
    public double? LearningRate { get; set; }

    public double InitialLearningRate { get; set; }

    /// <summary>Every other hyperparameter, in a fixed order (true is 1); what state dictionaries save.</summary>
    internal virtual double?[] Values
    {
        get => [];
        set { }
    }

    public virtual void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(InitialLearningRate);
        WriteOptional(writer, LearningRate);
        foreach (var value in Values)
        {
            WriteOptional(writer, value);
        }
    }

    public virtual void LoadStateDict(BinaryReader reader)
    {
        InitialLearningRate = reader.ReadDouble();
        LearningRate = ReadOptional(reader);
        var values = Values;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ReadOptional(reader);
        }
        Values = values;
    }

    public virtual void LoadStateDict(OptimizerOptions source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.GetType() != GetType())
        {
            throw new ArgumentException($"{source.GetType().FullName} does not fit {GetType().FullName}.", nameof(source));
        }
        InitialLearningRate = source.InitialLearningRate;
        LearningRate = source.LearningRate;
        Values = source.Values;
    }

    internal void FillFrom(OptimizerOptions defaults)
    {
        if (LearningRate is null)
        {
            LearningRate = defaults.LearningRate;
            InitialLearningRate = defaults.InitialLearningRate;
        }
        Values = [.. Values.Zip(defaults.Values, (own, fallback) => own ?? fallback)];
    }

    internal static double? Flag(bool? value) => value is { } flag ? flag ? 1 : 0 : null;

    internal static bool? Flag(double? value) => value is { } number ? number != 0 : null;

    private static void WriteOptional(BinaryWriter writer, double? value)
    {
        writer.Write(value.HasValue);
        if (value is { } number)
        {
            writer.Write(number);
        }
    }

    private static double? ReadOptional(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadDouble() : null;
}
