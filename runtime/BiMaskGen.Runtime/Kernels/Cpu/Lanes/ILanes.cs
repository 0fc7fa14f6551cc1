namespace BiMaskGen.Kernels.Cpu;

/// <summary>
/// The vector operations that kernels are written in: a kernel is generic over an implementation and exists once for every width.
/// The implementations are empty structs with static members, so that the JIT sees through them.
/// </summary>
/// <typeparam name="TVec">One register of floats.</typeparam>
internal unsafe interface ILanes<TVec>
    where TVec : unmanaged
{
    /// <summary>Floats in a register.</summary>
    static abstract int Count { get; }

    /// <summary>Architectural vector registers: they decide how many accumulators a tile may hold.</summary>
    static abstract int Registers { get; }

    static abstract TVec Create(float value);

    static abstract TVec Load(float* source);

    static abstract void Store(TVec value, float* destination);

    static abstract TVec Add(TVec a, TVec b);

    static abstract TVec Multiply(TVec a, TVec b);

    static abstract TVec Divide(TVec a, TVec b);

    /// <summary>a b + c, fused where the machine can.</summary>
    static abstract TVec MultiplyAdd(TVec a, TVec b, TVec c);

    /// <summary>The smaller; NaN if either is.</summary>
    static abstract TVec Min(TVec a, TVec b);

    /// <summary>The larger; NaN if either is.</summary>
    static abstract TVec Max(TVec a, TVec b);

    static abstract TVec Exp(TVec a);

    static abstract TVec CopySign(TVec magnitude, TVec sign);

    /// <summary>less where a &lt; b, other elsewhere, where a or b is NaN too.</summary>
    static abstract TVec SelectLess(TVec a, TVec b, TVec less, TVec other);

    /// <summary>Zero where test ≤ 0, value elsewhere: a NaN in test lets value through, as torch's threshold does.</summary>
    static abstract TVec ZeroWhereNotPositive(TVec test, TVec value);

    /// <summary>Lane i of set where bit i is one, of clear where it is zero. Bits past the width may hold anything.</summary>
    static abstract TVec SelectByBits(uint bits, TVec set, TVec clear);

    static abstract float Sum(TVec a);
}
