using System.CommandLine;
using BiMaskGen.Benchmarks;

try
{
    return Verbs.Create().Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
{
    Console.Error.WriteLine($"Error: {e.Message}");
    return 1;
}
