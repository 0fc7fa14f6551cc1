using System.CommandLine;
using BiMaskGen;

namespace Samples;

/// <summary>Runs a sample's command.</summary>
internal static class Host
{
    /// <summary>The exit code; what the user can put right is one line of error text, not a stack trace.</summary>
    public static int Run(RootCommand command, string[] args)
    {
        try
        {
            return command.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or NMSparseException)
        {
            Console.Error.WriteLine($"Error: {e.Message}");
            return 1;
        }
    }
}
