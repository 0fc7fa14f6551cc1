using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;

namespace BiMaskGen.Integration.Tests.NeverStale;

/// <summary>The ways in which weights change, by name.</summary>
internal static class Edits
{
    public static IReadOnlyDictionary<string, Action<Mlp>> All { get; } = new Dictionary<string, Action<Mlp>>
    {
        ["optimizer step"] = OptimizerStep,
        ["in-place edit"] = model =>
        {
            using var off = no_grad();
            model.Fc1.weight.copy_(new Samples(8).Tensor(27, 50));
        },
        ["raw write"] = model => Values.Raw(model.Fc1.weight).Reverse(),
        ["one entry by raw write"] = model => Values.Raw(model.Fc2.weight)[1234] = 3,
        ["load_state_dict"] = model => model.load_state_dict(Mlp.Create(77).state_dict()),
        ["load"] = LoadFile,
        ["another parameter"] = model => model.Fc1.weight = new Parameter(new Samples(9).Tensor(27, 50)),
        ["eval and train"] = model =>
        {
            model.eval();
            Values.Raw(model.Fc2.weight).Reverse();
            model.train();
        },
        ["bias"] = model => Values.Raw(model.Fc2.bias!).Reverse(),
        ["back and forth"] = model =>
        {
            Values.Raw(model.Fc1.weight).Reverse();
            model.call(zeros(1, 50)).Dispose();
            Values.Raw(model.Fc1.weight).Reverse();
        },
    };

    private static void OptimizerStep(Mlp model)
    {
        using var optimizer = optim.SGD(model.parameters(), 0.5);
        model.zero_grad();
        using (enable_grad())
        {
            Tensor y = model.call(new Samples(4).Tensor(8, 50));
            (y * y).sum().backward();
        }

        optimizer.step();
    }

    private static void LoadFile(Mlp model)
    {
        using var folder = new TempFolder();
        Mlp.Create(78).save(folder.File("weights.dat"));
        model.load(folder.File("weights.dat"));
    }
}
