namespace BiMaskGen.Kernels.Cpu;

/// <summary>The body of a parallel loop. A struct, so that a loop allocates nothing.</summary>
public interface IRangeBody
{
    /// <summary>Does the work of one index. Calls for different indices may run at the same time, in any order.</summary>
    /// <param name="index">From 0 to count − 1.</param>
    void Invoke(int index);
}
