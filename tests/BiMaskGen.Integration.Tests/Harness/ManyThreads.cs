using System.Collections.Concurrent;

namespace BiMaskGen.Integration.Tests.Harness;

/// <summary>Runs a body on threads of its own that start together; an exception in one fails the test.</summary>
internal static class ManyThreads
{
    public static void Run(int count, Action<int> body)
    {
        var errors = new ConcurrentQueue<Exception>();
        using var start = new Barrier(count);
        Thread[] threads = [.. Enumerable.Range(0, count).Select(index => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                body(index);
            }
            catch (Exception e)
            {
                errors.Enqueue(e);
            }
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Assert.Empty(errors);
    }
}
