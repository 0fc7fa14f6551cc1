using BenchmarkDotNet.Attributes;
using BiMaskGen.Benchmarks.Contenders;
using BiMaskGen.Benchmarks.Libraries;
using BiMaskGen.Benchmarks.Machine;

namespace BiMaskGen.Benchmarks.Exploration;

/// <summary>y and dX by the sparse kernel and by our dense product.</summary>
public unsafe class ProductBenchmarks
{
    private readonly OwnGemm _dense = new();
    private SparseOperand? _forward, _backward;
    private Matrix? _weight, _input, _output;

    /// <summary>N:M.</summary>
    [Params("2:4", "1:4", "1:16")]
    public string Pattern { get; set; } = "2:4";

    /// <summary>Batch rows.</summary>
    [Params(8, 256)]
    public int Rows { get; set; }

    /// <summary>in_features and out_features.</summary>
    [Params(512, 2048)]
    public int Size { get; set; }

    /// <summary>Makes the operands.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _dense.SetThreads(1);
        NMPattern pattern = PatternLabel.Parse(Pattern);
        _weight = Matrix.Random(Size, Size, seed: 1);
        _forward = SparseOperand.Create(pattern, Direction.Forward, _weight, Rows);
        _backward = SparseOperand.Create(pattern, Direction.Backward, _weight, Rows);
        _input = Matrix.Random(Rows, Size, seed: 2);
        _output = new Matrix(Rows, Size);
    }

    /// <summary>Frees them.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _weight!.Dispose();
        _input!.Dispose();
        _output!.Dispose();
    }

    /// <summary>x Wᵀ, dense.</summary>
    [Benchmark(Baseline = true)]
    public void Dense() => _dense.Multiply(false, true, Rows, Size, Size, _input!.Pointer, _weight!.Pointer, _output!.Pointer);

    /// <summary>x (W⊙Mf)ᵀ.</summary>
    [Benchmark]
    public void Forward() => _forward!.Multiply(_input!.Pointer, Rows, _output!.Pointer);

    /// <summary>g (W⊙Mb).</summary>
    [Benchmark]
    public void Backward() => _backward!.Multiply(_input!.Pointer, Rows, _output!.Pointer);
}
