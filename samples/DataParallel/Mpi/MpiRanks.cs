namespace DataParallel;

/// <summary>The processes that mpirun started. One object per process, on the thread that made it.</summary>
internal sealed unsafe class MpiRanks : IRanks
{
    private readonly OpenMpi _mpi = new();

    /// <exception cref="MpiException">MPI is not there, or does not start.</exception>
    public MpiRanks()
    {
        OpenMpi.Check(_mpi.Init(null, null), "MPI_Init");
        int rank, size;
        OpenMpi.Check(_mpi.CommRank(_mpi.World, &rank), "MPI_Comm_rank");
        OpenMpi.Check(_mpi.CommSize(_mpi.World, &size), "MPI_Comm_size");
        (Rank, Size) = (rank, size);
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <inheritdoc/>
    public void Sum(Span<float> values)
    {
        fixed (float* p = values)
        {
            OpenMpi.Check(_mpi.AllReduce(OpenMpi.InPlace, p, values.Length, _mpi.Float, _mpi.Sum, _mpi.World), "MPI_Allreduce");
        }
    }

    /// <inheritdoc/>
    public void Broadcast(Span<float> values)
    {
        fixed (float* p = values)
        {
            OpenMpi.Check(_mpi.Broadcast(p, values.Length, _mpi.Float, 0, _mpi.World), "MPI_Bcast");
        }
    }

    /// <inheritdoc/>
    public bool Agree(ulong value)
    {
        ulong least = value, most = value;
        OpenMpi.Check(_mpi.AllReduce(OpenMpi.InPlace, &least, 1, _mpi.UInt64, _mpi.Min, _mpi.World), "MPI_Allreduce");
        OpenMpi.Check(_mpi.AllReduce(OpenMpi.InPlace, &most, 1, _mpi.UInt64, _mpi.Max, _mpi.World), "MPI_Allreduce");
        return least == most;
    }

    /// <inheritdoc/>
    public void Abort() => _ = _mpi.Abort(_mpi.World, 1);

    /// <inheritdoc/>
    public void Dispose() => _ = _mpi.Finalize();
}
