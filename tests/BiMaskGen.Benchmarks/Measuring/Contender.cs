namespace BiMaskGen.Benchmarks.Measuring;

/// <summary>What a contender is in its row.</summary>
internal enum Role
{
    /// <summary>What the row measures.</summary>
    Subject,

    /// <summary>A dense library that it has to beat.</summary>
    Library,

    /// <summary>Our own dense product, beside it.</summary>
    OwnDense,
}

/// <summary>One way to do the work of a row.</summary>
/// <param name="Name">Its name in tables and files.</param>
/// <param name="Role">What it is in its row.</param>
/// <param name="Run">Does the work once.</param>
internal sealed record Contender(string Name, Role Role, Action Run);
