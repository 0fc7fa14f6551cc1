using BiMaskGen.Benchmarks.Libraries;

namespace BiMaskGen.Benchmarks.Works;

/// <summary>A kind of work: its rows, what each has to reach, and how it is made ready.</summary>
/// <param name="name">Its name in tables and files.</param>
internal abstract class Work(string name)
{
    internal string Name { get; } = name;

    /// <summary>Every work, in the order of the tables.</summary>
    internal static IReadOnlyList<Work> All { get; } =
    [
        new ProductWork("y", Contenders.Direction.Forward, ProductCells.Large),
        new ProductWork("dx", Contenders.Direction.Backward, ProductCells.Large),
        new ProductWork("y-small", Contenders.Direction.Forward, ProductCells.Small),
        new ProductWork("dx-small", Contenders.Direction.Backward, ProductCells.Small),
        new SingleRowWork(),
        new GemmWork(),
        new StepWork(),
    ];

    /// <summary>What the row is compared with: the fastest library, or one by name.</summary>
    internal virtual string? Rival => null;

    /// <summary>Whether the weights' way from memory is what bounds it.</summary>
    internal virtual bool IsMemoryBound => false;

    /// <summary>The rows for one number of threads.</summary>
    internal abstract IEnumerable<RowSpec> Rows(int threads);

    /// <summary>The ratio that a row has to reach; null where none is set.</summary>
    internal abstract double? Target(RowSpec row);

    internal abstract Measurement Prepare(RowSpec row, DenseLibraries libraries);
}
