namespace DataParallel;

/// <summary>MPI is not there, or a call of it failed.</summary>
internal sealed class MpiException(string message) : IOException(message);
