namespace BiMaskGen.Package.Tests.Harness;

/// <summary>A stranger's folder: projects that see our packages through a feed, and nothing of this repository.</summary>
internal sealed class ConsumerFolder : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _name;

    /// <param name="feed">The packages.</param>
    /// <param name="name">A folder inside the temporary one.</param>
    /// <param name="machineSources">Whether the machine's own package sources are seen too: for packs of the framework.</param>
    public ConsumerFolder(PackageFeed feed, string name = "work", bool machineSources = false)
    {
        _name = name;
        // Else a package of one of ours' names could come from elsewhere, and every test waits for the network.
        string clear = machineSources || TorchReference.ComesFromAFeed ? "" : "<clear />";
        string fallback = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        Write("NuGet.config", $"""
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="{feed.Restored}" />
              </config>
              <fallbackPackageFolders>
                <add key="machine" value="{fallback}" />
              </fallbackPackageFolders>
              <packageSources>
                {clear}
                <add key="bimask-tests" value="{feed.Folder}" />
              </packageSources>
            </configuration>
            """);
        // Nothing of the folders above the temporary one.
        Write("Directory.Build.props", "<Project />");
        Write("Directory.Build.targets", "<Project />");
    }

    public string Path => System.IO.Path.Combine(_folder.Path, _name);

    public string File(string file) => System.IO.Path.Combine(Path, file);

    public void Dispose() => _folder.Dispose();

    public string Write(string file, string text) => _folder.Write(System.IO.Path.Combine(_name, file), text);

    /// <summary>Writes a project file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="items">Items.</param>
    /// <param name="properties">Properties beside the framework.</param>
    /// <param name="executable">Whether it is a program.</param>
    public void WriteProject(string file, string items, string properties = "", bool executable = true) => Write(file, $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>{(executable ? "Exe" : "Library")}</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <DisableImplicitNuGetFallbackFolder>false</DisableImplicitNuGetFallbackFolder>
            {properties}
          </PropertyGroup>
          <ItemGroup>
            {items}
          </ItemGroup>
        </Project>
        """);

    /// <summary>The usual two references of a user.</summary>
    public static string References => $"""<PackageReference Include="BiMaskGen" Version="{PackageFeed.Version}" />{TorchReference.Item()}""";

    public ProcessResult DotNet(params IEnumerable<string> arguments) => Processes.Run(Path, "dotnet", arguments);

    public ProcessResult Build(string project, params IEnumerable<string> more) => DotNet(["build", project, "-c", "Release", .. more]);
}
