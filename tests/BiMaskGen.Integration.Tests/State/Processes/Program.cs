using System.Globalization;
using BiMaskGen.Checkpoints;

namespace BiMaskGen.Integration.Tests.State;

/// <summary>What the tests start as a process of its own: a training that goes on from its newest checkpoint.</summary>
internal static class Program
{
    /// <summary>
    /// "run METHOD FOLDER STEP": on to the step, then saves; prints the bits of the losses. "save METHOD FOLDER": saves after each step, with a byte on its
    /// output for each file, until it is killed.
    /// </summary>
    public static int Main(string[] args)
    {
        switch (args)
        {
            case ["run", var method, var folder, var until]:
                var series = new CheckpointSeries(folder);
                StoppableRun run = StoppableRun.Resumed(method, series);
                float[] losses = run.RunTo(int.Parse(until, CultureInfo.InvariantCulture));
                series.Save(run.Step, place => run.Save(place, () => { }));
                Console.WriteLine(string.Join(' ', losses.Concat(run.Weights()).Select(BitConverter.SingleToInt32Bits)));
                return 0;
            case ["save", var method, var folder]:
                Save(StoppableRun.Resumed(method, new CheckpointSeries(folder)), new CheckpointSeries(folder));
                return 0;
            default:
                Console.Error.WriteLine("These are tests: dotnet test runs them.");
                return 2;
        }
    }

    private static void Save(StoppableRun run, CheckpointSeries series)
    {
        using Stream output = Console.OpenStandardOutput();
        while (true)
        {
            run.RunTo(run.Step + 1);
            series.Save(run.Step, place => run.Save(place, () => output.WriteByte(1)));
        }
    }
}
