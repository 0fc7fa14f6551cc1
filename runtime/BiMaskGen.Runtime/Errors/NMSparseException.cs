namespace BiMaskGen;

/// <summary>The base of every exception that BiMaskGen throws on its own account.</summary>
public class NMSparseException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong, with the numbers, and the way out.</param>
    /// <param name="inner">The cause, if another exception is.</param>
    public NMSparseException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}

/// <summary>N and M are no valid pattern.</summary>
public sealed class NMSparsePatternException : NMSparseException
{
    /// <summary>Makes the exception for the pattern n:m.</summary>
    /// <param name="n">N.</param>
    /// <param name="m">M.</param>
    public NMSparsePatternException(int n, int m)
        : base($"{n}:{m} is no N:M pattern: it must hold 1 <= N < M <= {NMPattern.MaxM}.")
    {
    }
}

/// <summary>A tensor of another shape than the layer can take.</summary>
public sealed class NMSparseShapeException : NMSparseException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="message">The shapes: what came and what was expected.</param>
    public NMSparseShapeException(string layer, string message) : base($"{layer}: {message}") => Layer = layer;

    /// <summary>The layer's name.</summary>
    public string Layer { get; }
}

/// <summary>A tensor of a data type or on a device that the layer cannot take, or two tensors that do not agree in it.</summary>
public sealed class NMSparseTypeException : NMSparseException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="message">The types: what came and what was expected.</param>
    public NMSparseTypeException(string layer, string message) : base($"{layer}: {message}") => Layer = layer;

    /// <summary>The layer's name.</summary>
    public string Layer { get; }
}

/// <summary>A weight is NaN or infinite, so that no mask can be made from it.</summary>
public sealed class NMSparseValueException : NMSparseException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="message">The value and its place.</param>
    public NMSparseValueException(string layer, string message) : base($"{layer}: {message}") => Layer = layer;

    /// <summary>The layer's name.</summary>
    public string Layer { get; }
}

/// <summary>A tensor or a layer that was disposed, or is null, was used.</summary>
public sealed class NMSparseDisposedException : NMSparseException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="message">What was disposed or null.</param>
    /// <param name="inner">What the torch library threw.</param>
    public NMSparseDisposedException(string layer, string message, Exception? inner = null) : base($"{layer}: {message}", inner) =>
        Layer = layer;

    /// <summary>The layer's name.</summary>
    public string Layer { get; }
}

/// <summary>
/// An earlier backward could not compute its gradients and returned NaN: torch ends the process when a C# backward throws, so the
/// error waits for the next forward of any sparse layer.
/// </summary>
public sealed class NMSparseBackwardException : NMSparseException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="inner">Why backward failed.</param>
    public NMSparseBackwardException(string layer, Exception inner)
        : base($"{layer}: an earlier backward failed and returned NaN gradients: {inner.Message}", inner) => Layer = layer;

    /// <summary>The layer's name.</summary>
    public string Layer { get; }
}

/// <summary>A layer whose dense weight was released for inference was asked for what only the dense weight can give.</summary>
public sealed class NMSparseReleasedException : NMSparseException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="operation">What was asked for.</param>
    /// <param name="wayOut">A way out that the layer itself has, if there is one.</param>
    public NMSparseReleasedException(string layer, string operation, string wayOut = "")
        : base($"{layer}: {operation} needs the dense weight, which ReleaseDense() has given up.{wayOut} Make a new model and load the checkpoint into it.") =>
        Layer = layer;

    /// <summary>The layer's name.</summary>
    public string Layer { get; }
}

/// <summary>A file of sparse state cannot be read, or does not fit the model.</summary>
public sealed class NMSparseStateException : NMSparseException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What differs.</param>
    /// <param name="inner">What the reader threw.</param>
    public NMSparseStateException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}

/// <summary>Calibration data is missing, does not fit the layer, or cannot be what it is said to be.</summary>
public sealed class NMSparseCalibrationException : NMSparseException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="message">What is wrong with it, and the way out.</param>
    public NMSparseCalibrationException(string layer, string message) : base($"{layer}: {message}") => Layer = layer;

    /// <summary>The layer's name.</summary>
    public string Layer { get; }
}
