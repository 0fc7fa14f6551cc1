using BiMaskGen.Package.Tests.Harness;

namespace BiMaskGen.Package.Tests.Consumers;

/// <summary>Strangers' projects: restored, built and run from the packages.</summary>
[Collection(nameof(Packages))]
public sealed class ConsumerTests(PackageFeed feed)
{
    [Fact]
    public void A_console_program_in_a_path_with_spaces_and_other_letters()
    {
        using ConsumerFolder folder = new(feed, "mein Projekt ä 模型");
        folder.WriteProject("app/app.csproj", ConsumerFolder.References);
        WriteDemo(folder, "app");

        folder.Build("app").Succeeded();
        DemoRun.Check(Run(folder, "app"));
        Assert.Empty(Directory.GetFiles(folder.Path, "BiMaskGen.Build.dll", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_library_that_warns_of_nothing_and_the_program_that_refers_to_it()
    {
        using ConsumerFolder folder = new(feed);
        folder.WriteProject(
            "lib/lib.csproj", ConsumerFolder.References,
            "<TreatWarningsAsErrors>true</TreatWarningsAsErrors><AnalysisLevel>latest-recommended</AnalysisLevel><GenerateDocumentationFile>true</GenerateDocumentationFile>",
            executable: false);
        folder.WriteProject("app/app.csproj", """<ProjectReference Include="../lib/lib.csproj" />""", "<TreatWarningsAsErrors>true</TreatWarningsAsErrors>");
        folder.Write("lib/Net.cs", DemoSources.Model);
        folder.Write("app/Program.cs", DemoSources.Program);

        folder.Build("app").Succeeded();
        DemoRun.Check(Run(folder, "app"));
    }

    [Fact]
    public void Central_package_management()
    {
        using ConsumerFolder folder = new(feed);
        folder.Write("Directory.Packages.props", $"""
            <Project>
              <PropertyGroup>
                <ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>
              </PropertyGroup>
              <ItemGroup>
                <PackageVersion Include="BiMaskGen" Version="{PackageFeed.Version}" />
                <PackageVersion Include="{TorchReference.Id}" Version="{TorchReference.CentralVersion}" />
              </ItemGroup>
            </Project>
            """);
        folder.WriteProject("app/app.csproj", $"""<PackageReference Include="BiMaskGen" />{TorchReference.Item(central: true)}""");
        WriteDemo(folder, "app");

        folder.Build("app").Succeeded();
        DemoRun.Check(Run(folder, "app"));
    }

    [Fact]
    public void A_trimmed_and_precompiled_publish()
    {
        using ConsumerFolder folder = new(feed, machineSources: true);
        // TorchSharp finds the modules of a class by reflection over its fields: a model's own assembly is kept whole.
        folder.WriteProject(
            "app/app.csproj", $"""{ConsumerFolder.References}<TrimmerRootAssembly Include="app" />""",
            "<PublishTrimmed>true</PublishTrimmed><PublishReadyToRun>true</PublishReadyToRun><InvariantGlobalization>true</InvariantGlobalization><SuppressTrimAnalysisWarnings>true</SuppressTrimAnalysisWarnings>");
        WriteDemo(folder, "app");

        string runtime = System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier;
        folder.DotNet("publish", "app", "-c", "Release", "-r", runtime, "--self-contained", "-o", folder.File("out")).Succeeded();
        string program = folder.File(OperatingSystem.IsWindows() ? "out/app.exe" : "out/app");
        DemoRun.Check(Processes.Run(folder.Path, program).Succeeded().Output);
        Assert.InRange(new FileInfo(folder.File("out/BiMaskGen.Runtime.dll")).Length, 1, 4_000_000);
    }

    [Fact]
    public void A_project_without_an_annotated_class_gets_no_code()
    {
        using ConsumerFolder folder = new(feed);
        folder.WriteProject(
            "app/app.csproj", ConsumerFolder.References,
            "<TreatWarningsAsErrors>true</TreatWarningsAsErrors><EmitCompilerGeneratedFiles>true</EmitCompilerGeneratedFiles><CompilerGeneratedFilesOutputPath>generated</CompilerGeneratedFilesOutputPath>");
        folder.Write("app/Program.cs", """System.Console.WriteLine(new BiMaskGen.NMPattern(2, 4));""");

        folder.Build("app").Succeeded();
        Assert.Equal("2:4", Run(folder, "app").Trim());
        string generated = folder.File("app/generated/BiMaskGen.Generators");
        Assert.Empty(Directory.Exists(generated) ? Directory.GetFiles(generated, "*", SearchOption.AllDirectories) : []);
    }

    [Fact]
    public void A_checkpoint_is_packed_by_the_task_and_the_tool_of_the_package()
    {
        using ConsumerFolder folder = new(feed);
        folder.WriteProject("app/app.csproj", $"""{ConsumerFolder.References}<NMSparseCheckpoint Include="model.safetensors" Model="Demo.Net" />""");
        folder.Write("app/Net.cs", DemoSources.Model);
        folder.Write("app/Program.cs", """
            using BiMaskGen;
            using Demo.Net net = new();
            net.LoadSparse(System.IO.Path.Combine(System.AppContext.BaseDirectory, "model.nms.safetensors"));
            System.Console.WriteLine(((INMSparseModel)net).SparseLayers.Single().Layer.IsReleased);
            """);
        CheckpointFiles.Write(folder.File("app/model.safetensors"), 1, ("fc.weight", [64, 32]), ("fc.bias", [64]), ("head.weight", [32, 64]), ("head.bias", [32]));

        Assert.Contains("fc.weight [64, 32] F32 2:4", folder.Build("app", "-v:n").Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal("True", Run(folder, "app").Trim());
        Assert.DoesNotContain("fc.weight [64, 32]", folder.Build("app", "-v:n").Succeeded().Output, StringComparison.Ordinal);
    }

    private static void WriteDemo(ConsumerFolder folder, string project)
    {
        folder.Write($"{project}/Net.cs", DemoSources.Model);
        folder.Write($"{project}/Program.cs", DemoSources.Program);
    }

    private static string Run(ConsumerFolder folder, string project) =>
        folder.DotNet(folder.File($"{project}/bin/Release/net10.0/{project}.dll")).Succeeded().Output;
}
