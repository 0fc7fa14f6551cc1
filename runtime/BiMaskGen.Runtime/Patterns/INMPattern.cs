namespace BiMaskGen;

/// <summary>
/// An N:M pattern as a type, so that the JIT sees N and M as constants and specialises every generic kernel for it.
/// The generator emits such a type for each pattern that the runtime has none for.
/// </summary>
public interface INMPattern
{
    /// <summary>Weights kept in a group.</summary>
    static abstract int N { get; }

    /// <summary>Weights in a group.</summary>
    static abstract int M { get; }
}
