using System.Runtime.ConstrainedExecution;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>
/// What one thread has of the libraries for one GPU: handles, plans and workspaces. A cuSPARSELt handle belongs to a thread and a device, and
/// autograd runs backward on a thread of its own. Freed when the device is closed, or by the finalizer once the thread is gone.
/// </summary>
internal sealed class ThreadHandles : CriticalFinalizerObject, IDisposable
{
    // What cuBLAS itself takes on Hopper.
    private const long DenseWorkspaceBytes = 32L << 20;

    // A training run has a few shapes, and of each a plan for every layer's bias; inference over lengths of text has many.
    private const int MostPlans = 1024;

    [ThreadStatic]
    private static List<ThreadHandles>? s_ofThread;

    private readonly CudaRuntime _runtime;
    private readonly CudaDevice _device;
    private readonly Dictionary<(PlanKey Key, ulong Bias), SparsePlan> _sparse = [];
    private readonly Dictionary<DenseKey, DensePlan> _dense = [];
    private readonly Dictionary<nint, DeviceBuffer> _workspaces = [];
    private OpaqueMemory? _cusparseLt;
    private nint _cublasLt;
    private bool _disposed;

    private ThreadHandles(CudaRuntime runtime, CudaDevice device)
    {
        _runtime = runtime;
        _device = device;
        bool added = false;
        device.Context.DangerousAddRef(ref added);
    }

    /// <summary>Gives back what the thread has left.</summary>
    ~ThreadHandles() => Release();

    /// <summary>What this thread has for a device.</summary>
    public static ThreadHandles Of(CudaRuntime runtime, CudaDevice device)
    {
        List<ThreadHandles> mine = s_ofThread ??= [];
        foreach (ThreadHandles handles in mine)
        {
            if (handles._device == device && !handles._disposed)
            {
                return handles;
            }
        }

        mine.RemoveAll(h => h._disposed);
        ThreadHandles made = new(runtime, device);
        mine.Add(made);
        device.Remember(made);
        return made;
    }

    /// <summary>The plan of a sparse product. The context is current.</summary>
    /// <param name="key">What it is for.</param>
    /// <param name="bias">Where the bias lies; not 0 if the key has one. Layers of one shape have a plan each: a plan made anew at each of their calls would cost more than many a product.</param>
    public SparsePlan Sparse(in PlanKey key, ulong bias)
    {
        bias = key.HasBias ? bias : 0;
        if (!_sparse.TryGetValue((key, bias), out SparsePlan? plan))
        {
            Trim(_sparse);
            CusparseLtApi api = _runtime.CusparseLt;
            _cusparseLt ??= new OpaqueMemory(api.Destroy).Init(api.Init);
            plan = new SparsePlan(api, _cusparseLt.Address, key, bias, _device.Algorithms.TryGetValue(key, out SparseAlgorithm known) ? known : null);
            _sparse.Add((key, bias), plan);
        }

        return plan;
    }

    /// <summary>Computes a sparse product; the first time of a shape on the GPU it searches for the fastest algorithm, and waits. The context is current.</summary>
    /// <param name="plan">Its plan, of this thread.</param>
    /// <param name="key">What the plan was made for.</param>
    /// <param name="compressed">The compressed weight.</param>
    /// <param name="dense">The batch.</param>
    /// <param name="output">The result.</param>
    /// <param name="stream">The stream.</param>
    public void Run(SparsePlan plan, in PlanKey key, ulong compressed, ulong dense, ulong output, nint stream)
    {
        if (!plan.IsSearched)
        {
            _device.Algorithms[key] = plan.Search(compressed, dense, output, Workspace(plan.WorkspaceBytes, stream), stream);
        }

        plan.Run(compressed, dense, output, Workspace(plan.WorkspaceBytes, stream), stream);
    }

    /// <summary>The plan of a dense product. The context is current.</summary>
    public DensePlan Dense(in DenseKey key, ulong bias)
    {
        if (!_dense.TryGetValue(key, out DensePlan? plan))
        {
            Trim(_dense);
            CublasLtApi api = _runtime.CublasLt;
            _cublasLt = _cublasLt == 0 ? api.Create() : _cublasLt;
            plan = new DensePlan(api, _cublasLt, key, bias, DenseWorkspaceBytes);
            _dense.Add(key, plan);
        }

        return plan;
    }

    /// <summary>Memory for a product on a stream; products of one stream come one after the other, so that they share it.</summary>
    public ulong Workspace(long bytes, nint stream)
    {
        if (bytes == 0)
        {
            return 0;
        }

        if (!_workspaces.TryGetValue(stream, out DeviceBuffer? buffer) || buffer.Bytes < bytes)
        {
            _workspaces.Remove(stream);
            buffer?.Dispose();
            _workspaces[stream] = buffer = new DeviceBuffer(_device.Context, bytes, stream);

            // A thread's end leaves both to finalizers, which come in any order: ours frees the buffer, once all work is done.
            GC.SuppressFinalize(buffer);
        }

        return buffer.Pointer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private static void Trim<TKey, TPlan>(Dictionary<TKey, TPlan> plans)
        where TKey : notnull
        where TPlan : IDisposable
    {
        if (plans.Count >= MostPlans)
        {
            foreach (TPlan plan in plans.Values)
            {
                plan.Dispose();
            }

            plans.Clear();
        }
    }

    private void Release()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        try
        {
            using var scope = new CudaContext.Scope(_runtime.Driver, _device.Context.DangerousGetHandle());
            foreach (IDisposable plan in (IEnumerable<IDisposable>)[.. _sparse.Values, .. _dense.Values])
            {
                plan.Dispose();
            }

            if (_workspaces.Count > 0)
            {
                // Rare enough to wait: a thread has ended, or the device is being closed.
                _runtime.Driver.SynchronizeContext();
                foreach (DeviceBuffer workspace in _workspaces.Values)
                {
                    workspace.DisposeAfterAllWork();
                }
            }

            _cusparseLt?.Dispose();
            if (_cublasLt != 0)
            {
                _ = _runtime.CublasLt.Destroy(_cublasLt);
            }
        }
        catch (NMSparseCudaException)
        {
            // The process has lost its GPU; there is nothing to give back to.
        }
        finally
        {
            _device.Context.DangerousRelease();
        }
    }
}
