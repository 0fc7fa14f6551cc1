using System.Collections;
using System.Collections.Concurrent;
using BiMaskGen.Build.Tests.Harness;
using BiMaskGen.Build.Tests.Models;
using Microsoft.Build.Framework;

namespace BiMaskGen.Build.Tests.Builds;

/// <summary>A build that is cancelled in the middle of a checkpoint.</summary>
[Collection(nameof(Builds))]
public sealed class CancelTests : IDisposable
{
    // Far more work than one layer: what is cancelled after the first cannot have ended.
    private const int Blocks = 200;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_cancelled_task_leaves_the_file_of_the_build_before_and_nothing_else()
    {
        string request = WriteRequest();
        File.WriteAllText(_folder.File("model.nms.safetensors"), "the build before");
        Assert.True(Task("manifest", request, new Engine()).Execute());
        string[] before = Files();

        Engine engine = new();
        RunBiMask task = Task("sparsify", request, engine);
        engine.OnMessage = _ => task.Cancel();
        Assert.False(task.Execute());

        Assert.NotEmpty(engine.Messages);
        Assert.InRange(engine.Messages.Count, 1, Blocks);
        Assert.Empty(engine.Errors);
        Assert.Equal(before, Files());
        Assert.Equal("the build before", File.ReadAllText(_folder.File("model.nms.safetensors")));
    }

    [Fact]
    public void The_tool_stops_when_the_build_dies()
    {
        string request = WriteRequest();
        Assert.True(Task("manifest", request, new Engine()).Execute());
        string[] before = Files();

        using System.Diagnostics.Process tool = Processes.Start(_folder.Path, "dotnet", "exec", Places.Tool, "build", "sparsify", "--request", request);
        Assert.NotNull(tool.StandardOutput.ReadLine());
        tool.StandardInput.Close();
        ProcessResult result = Processes.End(tool);

        Assert.Equal(Tool.ExitCodes.Cancelled, result.ExitCode);
        Assert.Equal("", result.Error);
        Assert.Equal(before, Files());
    }

    private static RunBiMask Task(string step, string request, Engine engine) =>
        new() { Tool = Places.Tool, Step = step, Request = request, BuildEngine = engine };

    private string[] Files() => [.. Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal)];

    private string WriteRequest()
    {
        CheckpointFiles.Write(_folder.File("model.safetensors"), 1, [.. Enumerable.Range(0, Blocks).SelectMany(Block), ("tokens.weight", [8, 16]), ("scale", [1]), ("head.weight", [8, 16]), ("head.bias", [8])]);
        return _folder.Write("model.request", $"""
            project={_folder.Path}
            checkpoint=model.safetensors
            model=Gpt
            assembly={typeof(Gpt).Assembly.Location}
            reference={Places.Runtime}
            reference={Places.Torch}
            manifest=model.json
            output=model.nms.safetensors
            search=Thorough
            """);
    }

    private static (string Key, long[] Shape)[] Block(int block) =>
    [
        .. new (string Key, long[] Shape)[]
        {
            ("fc1.weight", [2048, 16]), ("fc1.bias", [2048]), ("gate.weight", [16, 16]), ("gate.bias", [16]), ("proj.weight", [16, 32]),
            ("norm.weight", [16]), ("norm.bias", [16]), ("<Out>k__BackingField.weight", [16, 16]), ("<Out>k__BackingField.bias", [16]),
        }.Select(t => ($"blocks.{block}.{t.Key}", t.Shape)),
    ];

    /// <summary>What a task sees of MSBuild.</summary>
    private sealed class Engine : IBuildEngine
    {
        public ConcurrentQueue<string> Messages { get; } = [];

        public ConcurrentQueue<string> Errors { get; } = [];

        public Action<string>? OnMessage { get; set; }

        public bool ContinueOnError => false;

        public int LineNumberOfTaskNode => 1;

        public int ColumnNumberOfTaskNode => 1;

        public string ProjectFileOfTaskNode => "app.csproj";

        public bool BuildProjectFile(string projectFileName, string[] targetNames, IDictionary globalProperties, IDictionary targetOutputs) =>
            throw new NotSupportedException();

        public void LogCustomEvent(CustomBuildEventArgs e) => Messages.Enqueue(e.Message ?? "");

        public void LogErrorEvent(BuildErrorEventArgs e) => Errors.Enqueue(e.Message ?? "");

        public void LogMessageEvent(BuildMessageEventArgs e)
        {
            Messages.Enqueue(e.Message ?? "");
            OnMessage?.Invoke(e.Message ?? "");
        }

        public void LogWarningEvent(BuildWarningEventArgs e) => Errors.Enqueue(e.Message ?? "");
    }
}
