using BiMaskGen.Cuda.Tests.Models;
using BiMaskGen.Cuda.Tests.Support;
using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Reference;
using BiMaskGen.Masks;
using BiMaskGen.Permutations;
using BiMaskGen.Runtime.Tests.Checkpoints;
using BiMaskGen.Runtime.Tests.Cuda;
using static BiMaskGen.Cuda.Tests.Support.Drive;

namespace BiMaskGen.Cuda.Tests;

/// <summary>The row permutation is searched beside training: with the mask of the step that it is due at, and from half a period later on it holds.</summary>
[Collection(FakeCudaCollection.Name)]
public sealed class SearchTests(FakeCuda fake)
{
    private const int Period = 8, Delay = Period / 2;

    [NativeFact]
    public void WhatIsFoundHoldsFromHalfAPeriodOn() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        OneLayer model = Create(nameof(SearchNet));
        int[] searched = [];
        int[]? before = null;
        for (int step = 0; step < 22; step++)
        {
            searched = step % Period == 0 ? Search(model, step) : searched;
            Train(model, step);
            int[] now = Assert.IsType<int[]>(model.Side.Permutation);
            if (step == 0 || (step > Period && step % Period == Delay))
            {
                Assert.Equal(searched, now);
                Assert.NotEqual(before, now);
            }
            else
            {
                Assert.Equal(before, now);
            }

            before = now;
        }
    });

    // Events that lie ahead: whoever waited for one would ask for it.
    [NativeFact]
    public void NoStepWaitsButTheFirst_UntilTheResultHas() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        OneLayer model = Create(nameof(SearchNet));
        fake.SetBusy(true);
        long waits = 1;
        for (int step = 0; step < 22; step++)
        {
            Train(model, step);
            waits += step > Period && step % Period == Delay ? 1 : 0;
            Assert.Equal(waits, fake.Calls("cuEventSynchronize"));
        }

        Assert.Equal(0, fake.Calls("cuStreamSynchronize"));
        fake.SetBusy(false);
    });

    [NativeTheory]
    [InlineData(nameof(SearchNet), 8)]
    [InlineData(nameof(SearchNet), 9)]
    [InlineData(nameof(SearchNet), 11)]
    [InlineData(nameof(SearchNet), 12)]
    [InlineData(nameof(ChoosySearchNet), 9)]
    [InlineData(nameof(ChoosySearchNet), 13)]
    [InlineData(nameof(IdleSearchNet), 10)]
    public void ARunThatIsSavedMeanwhile_GoesOnAsIfItWereNot_AndSoDoesTheResumedOne(string name, int stop) => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        using var folder = new TempFolder();
        OneLayer plain = Create(name), run = Create(name), resumed = Create(name, seed: 9);
        for (int step = 0; step < stop; step++)
        {
            Train(plain, step);
            Train(run, step);
        }

        run.save(folder["model.dat"]);
        Sides.Model(run).SaveSparseState(folder["sparse.json"]);
        resumed.load(folder["model.dat"]);
        Sides.Model(resumed).LoadSparseState(folder["sparse.json"]);
        int[] first = run.Side.Permutation!;
        for (int step = stop; step < 20; step++)
        {
            foreach (OneLayer model in (OneLayer[])[plain, run, resumed])
            {
                Train(model, step);
                Assert.Equal(plain.Side.Permutation, model.Side.Permutation);
            }
        }

        Values.SameParameters(plain, run, "after the saved run");
        Values.SameParameters(plain, resumed, "after the resumed run");
        Assert.Equal(name == nameof(IdleSearchNet) || stop > Period + Delay, first.SequenceEqual(run.Side.Permutation!));
    });

    [NativeFact]
    public void WhatIsUnderWay_HoldsOnTheCpuToo_FromTheSameStepOn() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        using var folder = new TempFolder();
        OneLayer run = Create(nameof(SearchNet));
        for (int step = 0; step < Period + 2; step++)
        {
            Train(run, step);
        }

        run.save(folder["model.dat"]);
        Sides.Model(run).SaveSparseState(folder["sparse.json"]);
        int[] before = run.Side.Permutation!;
        for (int step = Period + 2; step < Period + Delay + 1; step++)
        {
            Train(run, step);
        }

        PretendGpu.IsOn = false;
        OneLayer onCpu = Create(nameof(SearchNet), seed: 9);
        onCpu.load(folder["model.dat"]);
        Sides.Model(onCpu).LoadSparseState(folder["sparse.json"]);
        for (int step = Period + 2; step < Period + Delay + 1; step++)
        {
            Assert.Equal(before, onCpu.Side.Permutation);
            Train(onCpu, step);
        }

        Assert.NotEqual(before, run.Side.Permutation);
        Assert.Equal(run.Side.Permutation, onCpu.Side.Permutation);
    });

    [NativeFact]
    public void APermutationThatTheUserSets_Wins() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        OneLayer model = Create(nameof(SearchNet));
        for (int step = 0; step < Period + 1; step++)
        {
            Train(model, step);
        }

        int[] own = [.. Enumerable.Range(0, OneLayer.Out).Reverse()];
        model.Side.SetPermutation(own);
        for (int step = Period + 1; step < (2 * Period) + 1; step++)
        {
            Train(model, step);
            Assert.Equal(own, model.Side.Permutation);
        }
    });

    private static OneLayer Create(string name, int seed = 3)
    {
        manual_seed(seed);
        return name switch
        {
            nameof(SearchNet) => new SearchNet(),
            nameof(ChoosySearchNet) => new ChoosySearchNet(),
            _ => new IdleSearchNet(),
        };
    }

    /// <summary>What a search with the weights as they are now finds.</summary>
    private static int[] Search(OneLayer model, int step)
    {
        bool[] kept = ReferenceMasks.Forward(Values.Of(model.Layer.weight!), OneLayer.Out, OneLayer.In, 2, 4);
        NMMask mask = new(OneLayer.Out, OneLayer.In);
        for (int i = 0; i < kept.Length; i++)
        {
            if (kept[i])
            {
                mask.Set(i / OneLayer.In, i % OneLayer.In);
            }
        }

        return RowPermutation.Find(mask, new NMPattern(2, 4), new PermutationSearchOptions(PermutationSearch.Swap, Step: step)).Permutation;
    }
}
