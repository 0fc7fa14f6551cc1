using BiMaskGen.Package.Tests.Harness;

namespace BiMaskGen.Package.Tests.Consumers;

/// <summary>What the package says where it cannot work.</summary>
[Collection(nameof(Packages))]
public sealed class RefusalTests(PackageFeed feed)
{
    [Fact]
    public void A_compiler_that_would_switch_the_generator_off()
    {
        using ConsumerFolder folder = Folder();
        ProcessResult build = folder.Build("app", "-p:CompilerApiVersion=roslyn4.12");
        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains("error BIMASK011: this compiler is Roslyn 4.12; BiMaskGen needs 4.14 or later", build.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_TorchSharp_that_is_too_old()
    {
        using ConsumerFolder folder = new(feed);
        folder.WriteProject(
            "app/app.csproj", $"""<PackageReference Include="BiMaskGen" Version="{PackageFeed.Version}" /><PackageReference Include="TorchSharp" Version="{TorchReference.TooOld}" />""");
        folder.Write("app/Program.cs", "");
        ProcessResult build = folder.Build("app");
        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains($"error BIMASK012: this project refers to TorchSharp {TorchReference.TooOld}; BiMaskGen needs 0.107.0 or later", build.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_framework_that_is_too_old()
    {
        using ConsumerFolder folder = new(feed);
        folder.Write("app/app.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>netstandard2.0</TargetFramework></PropertyGroup>
              <ItemGroup><PackageReference Include="BiMaskGen" Version="{PackageFeed.Version}" /></ItemGroup>
            </Project>
            """);
        ProcessResult build = folder.Build("app");
        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains("NU1202", build.Output, StringComparison.Ordinal);
        Assert.Contains("net10.0", build.Output, StringComparison.Ordinal);
    }

    private ConsumerFolder Folder()
    {
        ConsumerFolder folder = new(feed);
        folder.WriteProject("app/app.csproj", ConsumerFolder.References);
        folder.Write("app/Net.cs", DemoSources.Model);
        folder.Write("app/Program.cs", DemoSources.Program);
        return folder;
    }
}
