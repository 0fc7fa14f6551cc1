namespace BiMaskGen.Kernels.Cpu;

/// <summary>
/// Background threads that serve one loop at a time. A worker that finds nothing to do watches for the next loop for a bounded number
/// of spins, because kernels come in quick succession, and then sleeps. Whoever finds the pool taken runs on its own thread: waiting for
/// it would cost more, and a nested loop would wait for itself.
/// </summary>
internal sealed unsafe class WorkerPool : ICpuScheduler
{
    // Rounds of SpinWait(SpinLength). Some ten microseconds for those that finish a loop together; a hundred for the next loop of the same
    // step: putting a thread to sleep and waking it takes about fifty of a core that has work to do.
    private const int CloseRounds = 60;
    private const int ServeRounds = 600;
    private const int SpinLength = 20;

    private readonly object _gate = new();
    private int _taken;

    // Written under the gate.
    private delegate*<void*, void> _work;
    private void* _state;
    private int _admit;
    private int _inside;
    private int _sleeping;
    private int _started;
    private int _round;

    /// <inheritdoc/>
    public void Run(int workers, delegate*<void*, void> work, void* state)
    {
        if (workers <= 1 || Interlocked.CompareExchange(ref _taken, 1, 0) != 0)
        {
            work(state);
            return;
        }

        Open(workers - 1, work, state);
        work(state);
        Close();
        Volatile.Write(ref _taken, 0);
    }

    private void Open(int helpers, delegate*<void*, void> work, void* state)
    {
        lock (_gate)
        {
            while (_started < helpers && TryStart())
            {
                _started++;
            }

            _work = work;
            _state = state;
            _admit = helpers;
            Volatile.Write(ref _round, _round + 1);
            if (_sleeping > 0)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Lets no further worker in and waits for those inside; workers that never woke up are not waited for.</summary>
    private void Close()
    {
        lock (_gate)
        {
            _admit = 0;
        }

        for (int i = 0; i < CloseRounds && Volatile.Read(ref _inside) != 0; i++)
        {
            Thread.SpinWait(SpinLength);
        }

        lock (_gate)
        {
            while (_inside != 0)
            {
                Monitor.Wait(_gate);
            }
        }
    }

    private bool TryStart()
    {
        try
        {
            new Thread(Serve) { IsBackground = true, Name = "BiMaskGen CPU worker" }.UnsafeStart();
            return true;
        }
        catch (OutOfMemoryException)
        {
            // The system gives no more threads: the loop runs on those there are.
            return false;
        }
    }

    private void Serve()
    {
        int seen = 0;
        while (true)
        {
            for (int i = 0; i < ServeRounds && Volatile.Read(ref _round) == seen; i++)
            {
                Thread.SpinWait(SpinLength);
            }

            delegate*<void*, void> work;
            void* state;
            lock (_gate)
            {
                while (_round == seen)
                {
                    _sleeping++;
                    Monitor.Wait(_gate);
                    _sleeping--;
                }

                seen = _round;
                if (_admit == 0)
                {
                    continue;
                }

                _admit--;
                _inside++;
                work = _work;
                state = _state;
            }

            work(state);
            lock (_gate)
            {
                if (--_inside == 0)
                {
                    Monitor.PulseAll(_gate);
                }
            }
        }
    }
}
