namespace BiMaskGen.Kernels.Cpu;

/// <summary>A constant as a type: the JIT drops what a smaller tile does not have, so one text serves all heights and widths.</summary>
internal interface ISize
{
    static abstract int Value { get; }
}

internal readonly struct Size1 : ISize
{
    public static int Value => 1;
}

internal readonly struct Size2 : ISize
{
    public static int Value => 2;
}

internal readonly struct Size3 : ISize
{
    public static int Value => 3;
}

internal readonly struct Size4 : ISize
{
    public static int Value => 4;
}

internal readonly struct Size6 : ISize
{
    public static int Value => 6;
}

internal readonly struct Size8 : ISize
{
    public static int Value => 8;
}
