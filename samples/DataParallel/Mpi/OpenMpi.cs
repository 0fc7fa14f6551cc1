using System.Runtime.InteropServices;

namespace DataParallel;

/// <summary>
/// The few functions of Open MPI's C interface that the sample needs, looked up in the library that mpirun belongs to. Open MPI's handles are
/// addresses of exported objects; other MPIs use numbers, and are refused by what they do not export.
/// </summary>
internal sealed unsafe class OpenMpi
{
    private static readonly string[] s_names = ["libmpi.so.40", "libmpi.so.80", "libmpi.so", "libmpi.dylib"];

    private readonly nint _library;

    /// <exception cref="MpiException">There is no Open MPI.</exception>
    public OpenMpi()
    {
        nint library = 0;
        if (!s_names.Any(name => NativeLibrary.TryLoad(name, out library)))
        {
            throw new MpiException($"Open MPI is not installed: looked for {string.Join(", ", s_names)}. Debian: openmpi-bin, libopenmpi-dev.");
        }

        _library = library;
        World = Symbol("ompi_mpi_comm_world");
        Float = Symbol("ompi_mpi_float");
        UInt64 = Symbol("ompi_mpi_uint64_t");
        Sum = Symbol("ompi_mpi_op_sum");
        Min = Symbol("ompi_mpi_op_min");
        Max = Symbol("ompi_mpi_op_max");
        Init = (delegate* unmanaged<int*, byte***, int>)Symbol("MPI_Init");
        Finalize = (delegate* unmanaged<int>)Symbol("MPI_Finalize");
        CommRank = (delegate* unmanaged<nint, int*, int>)Symbol("MPI_Comm_rank");
        CommSize = (delegate* unmanaged<nint, int*, int>)Symbol("MPI_Comm_size");
        AllReduce = (delegate* unmanaged<nint, void*, int, nint, nint, nint, int>)Symbol("MPI_Allreduce");
        Broadcast = (delegate* unmanaged<void*, int, nint, int, nint, int>)Symbol("MPI_Bcast");
        Abort = (delegate* unmanaged<nint, int, int>)Symbol("MPI_Abort");
    }

    /// <summary>MPI_IN_PLACE.</summary>
    public static nint InPlace => 1;

    public nint World { get; }

    public nint Float { get; }

    public nint UInt64 { get; }

    public nint Sum { get; }

    public nint Min { get; }

    public nint Max { get; }

    public delegate* unmanaged<int*, byte***, int> Init { get; }

    public delegate* unmanaged<int> Finalize { get; }

    public delegate* unmanaged<nint, int*, int> CommRank { get; }

    public delegate* unmanaged<nint, int*, int> CommSize { get; }

    /// <summary>Send buffer, receive buffer, count, type, operation, communicator.</summary>
    public delegate* unmanaged<nint, void*, int, nint, nint, nint, int> AllReduce { get; }

    /// <summary>Buffer, count, type, root, communicator.</summary>
    public delegate* unmanaged<void*, int, nint, int, nint, int> Broadcast { get; }

    public delegate* unmanaged<nint, int, int> Abort { get; }

    /// <exception cref="MpiException">The code is not 0.</exception>
    public static void Check(int code, string call)
    {
        if (code != 0)
        {
            throw new MpiException($"{call} failed with error {code}.");
        }
    }

    private nint Symbol(string name) => NativeLibrary.TryGetExport(_library, name, out nint address)
        ? address
        : throw new MpiException($"The MPI library that was found has no {name}: it is not Open MPI 4 or later.");
}
