namespace BiMaskGen.Build.Tests.Harness;

/// <summary>
/// A user's project in a folder of its own: a model with two sparse layers, a checkpoint, and a program that prints what packed inference
/// makes of a fixed input. It sees the same MSBuild files as a user of the package.
/// </summary>
internal sealed class Consumer : IDisposable
{
    private const string Model = """
        using BiMaskGen;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;
        using static TorchSharp.torch.nn.functional;

        namespace Demo;

        [NMSparse(2, 4)]
        public sealed partial class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(16, 32), fc2 = Linear(32, 16);
            [KeepDense] private readonly Linear head = Linear(16, 4);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => head.call(fc2.call(relu(fc1.call(x))));
        }
        """;

    private const string Program = """
        using BiMaskGen;
        using System.Globalization;
        using static TorchSharp.torch;

        using var off = no_grad();
        Demo.Net net = new();
        net.LoadSparse(System.IO.Path.Combine(System.AppContext.BaseDirectory, "model.nms.safetensors"));
        float[] x = new float[48];
        for (int i = 0; i < x.Length; i++) x[i] = i % 7 - 3;
        foreach (float y in net.call(tensor(x).reshape(3, 16)).data<float>())
            System.Console.WriteLine(y.ToString("R", CultureInfo.InvariantCulture));
        """;

    private readonly TempFolder _folder = new();

    public Consumer(string item = """<NMSparseCheckpoint Include="model.safetensors" Model="Demo.Net" />""")
    {
        _folder.Write("Directory.Build.props", "<Project />");
        _folder.Write("Directory.Build.targets", $"""<Project><Import Project="{Places.BuildTransitive}/BiMaskGen.targets" /></Project>""");
        WriteProject("app", item);
        Values = WriteCheckpoint(1);
    }

    /// <summary>The numbers of the checkpoint.</summary>
    public Dictionary<string, float[]> Values { get; private set; }

    public string Folder => _folder.Path;

    public string Checkpoint => _folder.File("app/model.safetensors");

    public string Source => _folder.File("app/Net.cs");

    public string Packed => Output("model.nms.safetensors");

    public string Intermediate(string file) => _folder.File($"app/obj/Release/net10.0/nmsparse/{file}");

    public string Output(string file) => _folder.File($"app/bin/Release/net10.0/{file}");

    public void Dispose() => _folder.Dispose();

    public Dictionary<string, float[]> WriteCheckpoint(int seed) => Values = CheckpointFiles.Write(
        Checkpoint, seed,
        ("fc1.weight", [32, 16]), ("fc1.bias", [32]), ("fc2.weight", [16, 32]), ("fc2.bias", [16]), ("head.weight", [4, 16]), ("head.bias", [4]));

    public void WriteProject(string name, string item)
    {
        _folder.Write($"{name}/{name}.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <Import Project="{Places.BuildTransitive}/BiMaskGen.props" />
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <UseAppHost>false</UseAppHost>
                <BiMaskToolPath>{Places.Tool}</BiMaskToolPath>
                <BiMaskTasksPath>{Places.Tasks}</BiMaskTasksPath>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="{Places.Runtime};{Places.Torch}" />
                <Analyzer Include="{Places.Generators}" />
                {item}
              </ItemGroup>
            </Project>
            """);
        _folder.Write($"{name}/Net.cs", Model);
        _folder.Write($"{name}/Program.cs", Program);
    }

    /// <summary>Builds the project, or another file of the folder.</summary>
    public ProcessResult Build(string file = "app/app.csproj", params IEnumerable<string> more) =>
        Processes.Run(Folder, "dotnet", ["build", file, "-c", "Release", "-v:n", "-clp:NoSummary", .. more]);

    /// <summary>Runs the built program.</summary>
    public float[] Run()
    {
        ProcessResult run = Processes.Run(Folder, "dotnet", Output("app.dll")).Succeeded();
        return [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => float.Parse(l, System.Globalization.CultureInfo.InvariantCulture))];
    }
}
