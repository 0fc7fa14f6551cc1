using BiMaskGen.Benchmarks.Machine;
using BiMaskGen.Benchmarks.Measuring;
using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Benchmarks.Dispatching;

/// <summary>
/// The verb <c>dispatch</c>: a fresh process chooses kernels for twenty shapes; this one times whole steps with every combination of
/// kernels, interleaved, and says what the choice loses to the best.
/// </summary>
internal static class Retiming
{
    private const double MaxLoss = 0.03;

    private static readonly KernelKind[] s_kinds = [KernelKind.SparseCpu, KernelKind.MaskedDense];

    internal static int Run(int threads, bool quick)
    {
        LayerChoice[] choices = Choosing.InFreshProcess(threads);
        Cpus.Pin(threads);
        CpuPool.Threads = threads;
        Console.Out.WriteLine(FormattableString.Invariant($"kernels at {Isa.Name}, {threads} threads; a step is masks, operands, y, dX and dW"));
        Console.Out.WriteLine($"{"shape (out x in)",-28}{"y",-8}{"dX",-8}{"ms",10}{"best ms",10}{"best",16}{"loss",9}");
        double worst = 0;
        foreach (LayerChoice choice in choices)
        {
            worst = Math.Max(worst, Measure(choice, threads, quick ? Budget.Quick : Budget.Full));
        }

        Console.Out.WriteLine(FormattableString.Invariant($"\nlargest loss {worst:p1}, target {MaxLoss:p0}: {(worst <= MaxLoss ? "met" : "missed")}"));
        return 0;
    }

    private static double Measure(LayerChoice choice, int threads, Budget budget)
    {
        (KernelKind Forward, KernelKind Backward)[] combinations = [.. from f in s_kinds from b in s_kinds select (f, b)];
        OneLayer[] layers = [.. combinations.Select(_ => new OneLayer(choice.Shape))];
        Timing[] timings = Interleaved.Measure([.. combinations.Zip(layers, (c, layer) => Contender(layer, c.Forward, c.Backward))], threads, budget);
        Array.ForEach(layers, layer => layer.Dispose());
        int chosen = Array.IndexOf(combinations, (choice.Forward, choice.Backward));
        int best = Enumerable.Range(0, timings.Length).MinBy(i => timings[i].Median);

        // The ratio within rounds: what disturbs the machine disturbs both.
        double loss = Math.Max(0, timings[best].Advantage(timings[chosen]) - 1);
        Console.Out.WriteLine(FormattableString.Invariant(
            $"{choice.Shape,-28}{Short(choice.Forward),-8}{Short(choice.Backward),-8}{timings[chosen].Median,10:f4}{timings[best].Median,10:f4}{timings[best].Contender.Name,16}{loss,9:p1}"));
        return loss;
    }

    private static Contender Contender(OneLayer layer, KernelKind forward, KernelKind backward)
    {
        layer.Pin(forward, backward);
        return new($"{Short(forward)}, {Short(backward)}", Role.Subject, layer.Step);
    }

    private static string Short(KernelKind kind) => kind == KernelKind.SparseCpu ? "sparse" : "dense";
}
