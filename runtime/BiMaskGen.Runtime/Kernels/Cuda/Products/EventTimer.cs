namespace BiMaskGen.Kernels.Cuda;

/// <summary>Times work on a stream by events: what the GPU takes, not what starting it takes.</summary>
internal static class EventTimer
{
    /// <summary>The median time of some work, in milliseconds. Waits for the GPU.</summary>
    /// <param name="context">The context, which is current.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="work">Starts the work on the stream.</param>
    /// <param name="warmUps">Runs before the first that counts.</param>
    /// <param name="samples">Runs that count.</param>
    public static double Median(CudaContext context, nint stream, Action work, int warmUps = 3, int samples = 11)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        for (int i = 0; i < warmUps; i++)
        {
            work();
        }

        List<CudaEvent> events = [];
        try
        {
            // All are started before any is waited for: the GPU never runs dry in between.
            for (int i = 0; i <= samples; i++)
            {
                events.Add(new CudaEvent(context, timed: true));
                events[i].Record(stream);
                if (i < samples)
                {
                    work();
                }
            }

            context.Driver.SynchronizeEvent(events[^1].Handle);
            double[] times = [.. Enumerable.Range(0, samples).Select(i => (double)events[i].MillisecondsTo(events[i + 1]))];
            Array.Sort(times);
            return times[samples / 2];
        }
        finally
        {
            events.ForEach(e => e.Dispose());
        }
    }
}
