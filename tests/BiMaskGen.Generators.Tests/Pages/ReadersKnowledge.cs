namespace BiMaskGen.Generators.Tests.Pages;

/// <summary>What the reader of a page has before it: the usings of a project, two models, and names that fragments use without saying what they are.</summary>
internal static class ReadersKnowledge
{
    /// <summary>A file of the reader's project.</summary>
    public const string Project = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using BiMaskGen;
        global using TorchSharp;
        global using TorchSharp.Modules;
        global using static TorchSharp.torch;
        global using static TorchSharp.torch.nn;
        global using static TorchSharp.torch.nn.functional;
        global using Reader;

        namespace Reader;

        [NMSparse(2, 4)]
        public sealed partial class Mlp : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(784, 512), fc2 = Linear(512, 512);
            [KeepDense] private readonly Linear head = Linear(512, 10);
            public Mlp() : base("mlp") => RegisterComponents();
            public override Tensor forward(Tensor x) => head.call(relu(fc2.call(relu(fc1.call(x)))));
        }

        [NMSparse(2, 4)]
        public sealed partial class Gpt : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(768, 768);
            public Gpt() : base("gpt") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x);
        }

        public sealed class Settings
        {
            public int Width { get; set; } = 512;
        }
        """;

    /// <summary>What statements see; a local variable of the same name hides it.</summary>
    public const string Locals = """
        private static readonly Mlp model = new(), mlp = model;
        private static readonly Tensor x = zeros(8, 784), labels = zeros(8);
        private static readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);
        private static readonly double learningRate = 0.1;
        """;

    /// <summary>Members of a model that a fragment of one may use.</summary>
    public static IReadOnlyDictionary<string, string> Members { get; } = new Dictionary<string, string>
    {
        ["fc1"] = "private readonly Linear fc1 = Linear(512, 512);",
        ["settings"] = "private static readonly Settings settings = new();",
        ["Apply"] = "private static Tensor Apply(Func<Tensor, Tensor> layer, Tensor input) => layer(input);",
    };
}
