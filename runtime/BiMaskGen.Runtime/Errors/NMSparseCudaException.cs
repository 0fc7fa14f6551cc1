using System.Globalization;

namespace BiMaskGen;

/// <summary>A CUDA tensor came to a process that cannot run CUDA: no driver, no GPU, or a library is missing.</summary>
public sealed class NMSparseNoCudaException : NMSparseException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="wanted">What was to be done.</param>
    /// <param name="reason">What is missing.</param>
    public NMSparseNoCudaException(string wanted, string reason)
        : base($"{wanted}: {reason}. 'bimask doctor' lists every path that was tried; BIMASK_CUDA_PATH names folders to look in first. "
            + "Without it, move model and input to the CPU with .to(DeviceType.CPU), or set BIMASK_KERNEL=torch: torch's own operators then compute the "
            + "masked products.") => Reason = reason;

    /// <summary>What is missing.</summary>
    public string Reason { get; }
}

/// <summary>A call of the CUDA driver or of one of its libraries failed.</summary>
public sealed class NMSparseCudaException : NMSparseException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="call">The function that failed, and for what.</param>
    /// <param name="code">What it returned.</param>
    /// <param name="codeName">The name of that code.</param>
    /// <param name="wayOut">What to do about it.</param>
    public NMSparseCudaException(string call, int code, string codeName, string wayOut)
        : base(string.Create(CultureInfo.InvariantCulture, $"{call} failed with {codeName} ({code}). {wayOut}"))
    {
        Call = call;
        Code = code;
        CodeName = codeName;
    }

    /// <summary>The function that failed, and for what.</summary>
    public string Call { get; }

    /// <summary>What it returned.</summary>
    public int Code { get; }

    /// <summary>The name of that code.</summary>
    public string CodeName { get; }

    /// <summary>Whether the GPU had too little free memory.</summary>
    public bool IsOutOfMemory { get; init; }
}
