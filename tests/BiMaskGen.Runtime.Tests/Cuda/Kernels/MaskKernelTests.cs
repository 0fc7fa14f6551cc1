using BiMaskGen.Checkpoints;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Masks;
using BiMaskGen.Runtime.Tests.Support;
using BiMaskGen.Tool.GpuCheck;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Cuda;

/// <summary>The kernels that rank weights, on this machine, against the CPU's masks: to the bit.</summary>
[Collection(HostKernelCollection.Name)]
public sealed class MaskKernelTests(HostKernels kernels)
{
    // One tile, several with remainders on both sides, rows that begin at 16-byte addresses and such that do not, less than a group.
    private static readonly (int Rows, int Columns)[] s_shapes = [(64, 64), (136, 200), (143, 330), (37, 5), (3, 130), (1, 1)];

    public static TheoryData<int, int> Patterns
    {
        get
        {
            TheoryData<int, int> cases = [];
            foreach (NMPattern pattern in HostKernels.Patterns)
            {
                cases.Add(pattern.N, pattern.M);
            }

            return cases;
        }
    }

    [NativeTheory]
    [MemberData(nameof(Patterns))]
    public void BothOperandsAreTheMaskedWeightToTheBit(int n, int m)
    {
        foreach ((CudaType weight, CudaType operand) in HostKernels.Types)
        {
            foreach ((int rows, int columns) in s_shapes)
            {
                Compare(OperandForm.BiMask(new(n, m)), weight, operand, rows, columns, TestWeights.Gaussian(rows * columns, rows), TestWeights.Permutation(rows, columns), 0);
                Compare(OperandForm.BiMask(new(n, m)), weight, operand, rows, columns, Ties(rows * columns, rows), null, 0);
                Compare(OperandForm.BiMask(new(n, m)), weight, operand, rows, columns, Ties(rows * columns, columns), TestWeights.Permutation(rows, 7), 4);
            }
        }
    }

    [NativeTheory]
    [MemberData(nameof(Patterns))]
    public void TheBitsAreThoseOfTheForwardMask(int n, int m)
    {
        foreach (CudaType type in HostKernels.Floats)
        {
            foreach ((int rows, int columns) in s_shapes)
            {
                using HostMatrix weight = HostMatrix.Of(type, Ties(rows * columns, columns));
                NMMask expected = new(rows, columns), mask = new(rows, columns);
                ForwardMask.Compute(new NMPattern(n, m), weight.Values, rows, columns, expected);
                using HostMatrix words = new(CudaType.F32, 2 * mask.Words.Length);
                new LayerKernels(kernels.Launcher()).MaskBits(new NMPattern(n, m), weight.Pointer, type, words.Pointer, (rows, columns));
                words.AssertGuards();
                words.Bytes.CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsBytes(mask.Words));
                Assert.Equal(expected.Words.ToArray(), mask.Words.ToArray());
            }
        }
    }

    [NativeTheory]
    [MemberData(nameof(Patterns))]
    public void TheDecayReachesPrunedWeightsAlone(int n, int m)
    {
        const float Decay = 0.25f;
        foreach (CudaType type in (CudaType[])[CudaType.F32, CudaType.BF16])
        {
            foreach ((int rows, int columns) in s_shapes)
            {
                using HostMatrix weight = HostMatrix.Of(type, TestWeights.Gaussian(rows * columns, 1));
                using HostMatrix gradient = HostMatrix.Of(type, TestWeights.Gaussian(rows * columns, 2));
                NMMask mask = new(rows, columns);
                ForwardMask.Compute(new NMPattern(n, m), weight.Values, rows, columns, mask);
                float[] w = weight.Values, g = gradient.Values;
                new LayerKernels(kernels.Launcher()).Decay(OperandForm.BiMask(new(n, m)), 0, weight.Pointer, type, gradient.Pointer, type, PrunedEntries.Decaying(Decay), (rows, columns));
                gradient.AssertGuards();
                using HostMatrix expected = HostMatrix.Of(type, [.. g.Select((v, i) => mask[i / columns, i % columns] ? v : v + (Decay * w[i]))]);
                Assert.Equal(expected.Codes, gradient.Codes);
            }
        }
    }

    [NativeTheory]
    [InlineData(0, float.NaN, MaskStatistics.NonFinite)]
    [InlineData(0, float.PositiveInfinity, MaskStatistics.NonFinite)]
    [InlineData(1, float.NegativeInfinity, MaskStatistics.NonFinite)]
    [InlineData(4, float.NaN, MaskStatistics.NonFinite)]
    [InlineData(1, 1e5f, MaskStatistics.Overflow)]
    [InlineData(1, 65504f, 0)]
    [InlineData(0, 3.4e38f, MaskStatistics.Overflow)]
    [InlineData(2, float.MaxValue, 0)]
    public void AWeightThatTheOperandsCannotHoldRaisesAFlag(int types, float value, uint flags)
    {
        const int Rows = 70, Columns = 72;
        (CudaType weightType, CudaType operandType) = HostKernels.Types[types];
        float[] values = TestWeights.Gaussian(Rows * Columns, 1);
        values[^1] = value;
        using HostMatrix weight = HostMatrix.Of(weightType, values), forward = new(operandType, values.Length), backward = new(operandType, values.Length);
        Assert.Equal(flags, Run(OperandForm.BiMask(new(2, 4)), weight, null, forward, backward, Rows, Columns).Flags);
    }

    public static TheoryData<int, int> FewPatterns
    {
        get
        {
            TheoryData<int, int> cases = [];
            foreach (NMPattern pattern in HostKernels.FewPatterns)
            {
                cases.Add(pattern.N, pattern.M);
            }

            return cases;
        }
    }

    [NativeTheory]
    [MemberData(nameof(FewPatterns))]
    public void WhatOtherMethodsMakeOfAWeightIsThatToTheBit(int n, int m)
    {
        foreach (OperandForm form in HostKernels.Forms(new NMPattern(n, m)))
        {
            foreach ((CudaType weight, CudaType operand) in HostKernels.FewTypes)
            {
                foreach ((int rows, int columns) in s_shapes)
                {
                    Compare(form, weight, operand, rows, columns, TestWeights.Gaussian(rows * columns, rows), null, 0);
                    Compare(form, weight, operand, rows, columns, Ties(rows * columns, rows), TestWeights.Permutation(rows, columns), 4);
                }
            }
        }
    }

    [NativeTheory]
    [InlineData(8, 64)]
    [InlineData(24, 56)]
    [InlineData(8, 256)]
    [InlineData(85, 255)]
    public void GroupsWiderThanPatternsAreRankedToTheBit(int n, int m)
    {
        foreach ((CudaType weight, CudaType operand) in HostKernels.Types)
        {
            foreach ((int rows, int columns) in s_shapes)
            {
                Compare(new(ForwardOperand.Ranked, BackwardOperand.Forward, n, m), weight, operand, rows, columns, Ties(rows * columns, rows), null, 4);
                Compare(new(ForwardOperand.Ranked, BackwardOperand.Forward, n, m), weight, operand, rows, columns, TestWeights.Gaussian(rows * columns, columns), null, 0);
            }
        }
    }

    [NativeTheory]
    [InlineData(float.NaN, MaskStatistics.NonFinite)]
    [InlineData(1e5f, MaskStatistics.Overflow)]
    [InlineData(65504f, 0)]
    public void WideGroupsRaiseTheFlagsToo(float value, uint flags)
    {
        const int Rows = 7, Columns = 72;
        float[] values = TestWeights.Gaussian(Rows * Columns, 1);
        values[^1] = value;
        using HostMatrix weight = HostMatrix.Of(CudaType.F32, values), forward = new(CudaType.F16, values.Length);
        Assert.Equal(flags, Run(new(ForwardOperand.Ranked, BackwardOperand.Forward, 8, 64), weight, null, forward, null, Rows, Columns).Flags);
    }

    // A weight that is pruned does not have to fit the operands' type, one of which something is left does.
    [NativeFact]
    public void WhatFadesRaisesAFlagToo()
    {
        const int Rows = 7, Columns = 72;
        float[] values = TestWeights.Gaussian(Rows * Columns, 1);
        (values[0], values[1], values[2], values[3]) = (1e5f, 9e4f, 8e4f, 2e5f);
        using HostMatrix weight = HostMatrix.Of(CudaType.F32, values), forward = new(CudaType.F16, values.Length);
        OperandForm fading = HostKernels.Forms(new(2, 4)).Single(f => f.Forward == ForwardOperand.Fading);
        Assert.Equal(MaskStatistics.Overflow, Run(fading with { Factor = 1 }, weight, null, forward, null, Rows, Columns).Flags);
        values[0] = values[3] = 1;
        using HostMatrix other = HostMatrix.Of(CudaType.F32, [.. values.Select(v => Math.Min(v, 6e4f))]);
        Assert.Equal(0u, Run(fading, other, null, forward, null, Rows, Columns).Flags);
    }

    [NativeTheory]
    [MemberData(nameof(FewPatterns))]
    public unsafe void WhereAKeptMaskPrunesGradientsAreScaledAndDecayed(int n, int m)
    {
        foreach ((int rows, int columns) in s_shapes)
        {
            foreach (PrunedEntries pruned in (PrunedEntries[])[new(0, 0), new(0.5f, 0), new(1, 0.25f)])
            {
                using HostMatrix weight = HostMatrix.Of(CudaType.F32, TestWeights.Gaussian(rows * columns, 1)), gradient = HostMatrix.Of(CudaType.F32, TestWeights.Gaussian(rows * columns, 2));
                NMMask mask = OfOtherWeights(new(n, m), rows, columns);
                float[] w = weight.Values, g = gradient.Values;
                fixed (ulong* words = mask.Words)
                {
                    OperandForm form = new(ForwardOperand.Kept, BackwardOperand.Subset, n, m) { Mask = mask };
                    new LayerKernels(kernels.Launcher()).Decay(form, (ulong)words, weight.Pointer, CudaType.F32, gradient.Pointer, CudaType.F32, pruned, (rows, columns));
                }

                gradient.AssertGuards();
                Assert.Equal([.. g.Select((v, i) => mask[i / columns, i % columns] ? v : (pruned.Scale * v) + (pruned.Decay * w[i]))], gradient.Values);
            }
        }
    }

    private void Compare(OperandForm form, CudaType weightType, CudaType operandType, int rows, int columns, float[] values, int[]? permutation, int misalignment)
    {
        using HostMatrix weight = HostMatrix.Of(weightType, values, misalignment);
        form = form.Forward == ForwardOperand.Kept ? form with { Mask = OfOtherWeights(form.Pattern, rows, columns) } : form;
        using HostMatrix forward = new(operandType, values.Length, misalignment);
        using HostMatrix? backward = form.Backward == BackwardOperand.Forward ? null : new(operandType, values.Length);
        MaskStatistics statistics = Run(form, weight, permutation, forward, backward, rows, columns);

        int[] order = permutation ?? [.. Enumerable.Range(0, rows)];
        OperandReference reference = new(form, weight.Values, (rows, columns), order);
        float[] transposed = new float[values.Length];
        for (int at = 0; at < transposed.Length; at++)
        {
            transposed[at] = reference.Backward[(order[at % rows] * columns) + (at / rows)];
        }

        string what = $"{form} {weightType} to {operandType} [{rows}, {columns}]";
        using HostMatrix forwardCodes = HostMatrix.Of(operandType, reference.Forward), backwardCodes = HostMatrix.Of(operandType, transposed);
        Assert.True(forward.Bytes.SequenceEqual(forwardCodes.Bytes), $"{what}: forward");
        Assert.True(backward is null || backward.Bytes.SequenceEqual(backwardCodes.Bytes), $"{what}: backward");
        Assert.Equal(new MaskStatistics(reference.KeptBackward, 0), statistics);
    }

    private unsafe MaskStatistics Run(OperandForm form, HostMatrix weight, int[]? permutation, HostMatrix forward, HostMatrix? backward, int rows, int columns)
    {
        Span<byte> statistics = new byte[MaskStatistics.Bytes];
        fixed (byte* counters = statistics)
        fixed (int* order = permutation)
        fixed (ulong* words = form.Mask is { } mask ? mask.Words : default)
        {
            new LayerKernels(kernels.Launcher()).MaskPass(
                form, (ulong)words, weight.Pointer, weight.Type, (ulong)order, (forward.Pointer, backward?.Pointer ?? 0), forward.Type, (rows, columns), (ulong)counters);
        }

        forward.AssertGuards();
        backward?.AssertGuards();
        return MaskStatistics.Read(statistics);
    }

    // As a mask that stays: of what weights were once.
    private static NMMask OfOtherWeights(NMPattern pattern, int rows, int columns)
    {
        NMMask mask = new(rows, columns);
        Assert.True(TransposableMask.Run(pattern, TestWeights.Gaussian(rows * columns, 9), mask));
        return mask;
    }

    // As TestWeights.Ties, without what 16 bits cannot hold.
    private static float[] Ties(int count, int seed) => [.. TestWeights.Ties(count, seed).Select(v => v > 1e5f ? 3f : v)];
}
