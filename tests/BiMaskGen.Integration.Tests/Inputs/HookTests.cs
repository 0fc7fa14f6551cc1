using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;

namespace BiMaskGen.Integration.Tests.Inputs;

public sealed class HookTests
{
    private readonly Mlp _model = Mlp.Create(1);
    private readonly Tensor _x = new Samples(1).Tensor(6, 50);

    [Fact]
    public void HooksRun_InTorchsOrder_WithTheLayersOwnTensors()
    {
        var plain = Linear(50, 27);
        plain.load_state_dict(_model.Fc1.state_dict());
        List<string> expected = [], actual = [];
        Register(plain, expected);
        Register(_model.Fc1, actual);
        plain.call(_x);
        _model.call(_x);
        Assert.Equal(6, expected.Count);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void ForwardHook_SeesTheOutputBeforeTheActivation_AndCanReplaceIt()
    {
        Tensor? seen = null;
        Action remove = _model.Fc2.register_forward_hook((_, _, output) =>
        {
            seen = output;
            return output - 1;
        }).remove;
        Tensor hooked = _model.call(_x);
        Tensor output = _model.Probe(1, relu(_model.Probe(0, _x)));

        // The probe ran the hook too.
        Values.Close(seen! - 1, output, "hooked output");
        Assert.Contains(Values.Of(seen!), v => v < 0);
        Values.Close(_model.Head.call(relu(seen! - 1)), hooked, "model output");

        remove();
        Assert.False(_model.call(_x).allclose(hooked));
    }

    [Fact]
    public void PreHook_CanReplaceTheInput_AndTheGradientFollows()
    {
        Tensor expected = _model.call(_x * 2);
        Tensor x = _x.clone().requires_grad_();
        _model.Fc1.register_forward_pre_hook((_, input) => input * 2);
        Tensor y = _model.call(x);
        Values.Close(expected, y, "output");
        y.sum().backward();

        Tensor doubled = (_x * 2).requires_grad_();
        Mlp twin = Mlp.Create(1);
        twin.call(doubled).sum().backward();
        Values.Close(doubled.grad! * 2, x.grad!, "dX through the hook");
    }

    [Fact]
    public void Forward_RunsNoHooks()
    {
        manual_seed(3);
        var model = new Accesses();
        int calls = 0;
        foreach (var layer in model.Plan)
        {
            layer.Linear.register_forward_hook((_, _, output) =>
            {
                calls++;
                return output;
            });
        }

        // Three of the five layers are reached by call, two by forward.
        model.call(new Samples(1).Tensor(3, 16));
        Assert.Equal(3, calls);
    }

    [Fact]
    public void HookedLayer_StillRunsSparse()
    {
        using var kernels = new KernelModeScope(KernelMode.Sparse);
        _model.Fc2.register_forward_hook((_, _, output) => output);
        _model.call(_x).sum().backward();
        Assert.Equal(new KernelCounters(1, 0, 1, 0, 1), Sides.Of(_model, "fc2").Counters);
    }

    private static void Register(Linear layer, List<string> log)
    {
        layer.register_forward_pre_hook((_, input) =>
        {
            log.Add("pre " + Sum(input));
            return input + 1;
        });
        layer.register_forward_pre_hook(module => log.Add($"module pre {ReferenceEquals(module, layer)}"));
        layer.register_forward_pre_hook((_, input) =>
        {
            log.Add("second pre " + Sum(input));
            return input;
        });
        layer.register_forward_hook(module => log.Add($"module post {ReferenceEquals(module, layer)}"));
        layer.register_forward_hook((module, input, output) =>
        {
            log.Add($"post {ReferenceEquals(module, layer)} {Sum(input)}");
            return output * 0;
        });
        layer.register_forward_hook((_, _, output) =>
        {
            log.Add("second post " + Sum(output));
            return output;
        });
    }

    private static string Sum(Tensor tensor) => Values.Of(tensor).Sum(v => (double)v).ToString("F6");
}
