using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Equivalence;

/// <summary>
/// Trains a model and computes every step a second time by the reference, from the weights the model has at that step: loss, output,
/// gradients, masks and next weights must agree.
/// </summary>
internal sealed class StepByStep
{
    private const int ProbeEvery = 25;
    private readonly Samples _samples = new(99);
    private int _undecided;

    public required Stack Model { get; init; }

    public required optim.Optimizer Optimizer { get; init; }

    public required ReferenceOptimizer Reference { get; init; }

    /// <summary>The input's shape but for its last dimension.</summary>
    public required long[] Batch { get; init; }

    public Accumulation Accumulation { get; init; }

    public bool InputGradient { get; init; }

    /// <summary>Searches that brought another permutation, over all layers.</summary>
    public int PermutationChanges { get; private set; }

    public static StepByStep Sgd(Stack model, long[] batch, bool inputGradient = false, Accumulation accumulation = Accumulation.None) => new()
    {
        Model = model,
        Optimizer = optim.SGD(model.parameters(), 0.1, momentum: 0.9, weight_decay: 1e-3),
        Reference = new ReferenceSgd(0.1, 0.9, 1e-3),
        Batch = batch,
        InputGradient = inputGradient,
        Accumulation = accumulation,
    };

    // The large ε keeps an update from magnifying the rounding of a gradient near zero.
    public static StepByStep AdamW(Stack model, long[] batch, bool inputGradient = false, Accumulation accumulation = Accumulation.None) => new()
    {
        Model = model,
        Optimizer = optim.AdamW(model.parameters(), 2e-3, eps: 1e-3, weight_decay: 0.05),
        Reference = new ReferenceAdamW(2e-3, 0.05, 1e-3),
        Batch = batch,
        InputGradient = inputGradient,
        Accumulation = accumulation,
    };

    public void Run(int steps, int permuteEvery)
    {
        var watches = Sides.Model(Model).OwnSparseLayers.Select(l => new PermutationWatch(l.Layer, permuteEvery)).ToArray();
        for (int step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            Step(step, watches);
        }

        PermutationChanges = watches.Sum(w => w.Changes);

        // An input of relu within rounding of zero leaves its derivative open: rare, or something else is wrong.
        Assert.InRange(_undecided, 0, steps / 10);
    }

    private void Step(int step, PermutationWatch[] watches)
    {
        int batches = Accumulation == Accumulation.None ? 1 : 2;
        var inputs = Enumerable.Range(0, batches).Select(_ => Input()).ToArray();
        var targets = Enumerable.Range(0, batches).Select(_ => _samples.Tensor([.. Batch, Model.Plan[^1].Linear.weight.shape[0]])).ToArray();

        Optimizer.zero_grad();
        Tensor[] outputs = new Tensor[batches], losses = new Tensor[batches];
        for (int b = 0; b < batches; b++)
        {
            outputs[b] = Model.call(inputs[b]);
            losses[b] = mse_loss(outputs[b], targets[b]);
            if (Accumulation == Accumulation.Interleaved)
            {
                losses[b].backward();
            }
        }

        foreach (Tensor loss in Accumulation == Accumulation.Interleaved ? [] : losses)
        {
            loss.backward();
        }

        Array.ForEach(watches, w => w.Check(step));

        var reference = new ReferenceStack(Model);
        var expected = inputs.Zip(targets, reference.Accumulate).ToArray();
        reference.AddDecay();
        for (int b = 0; b < batches; b++)
        {
            Values.Close([expected[b].Loss], losses[b], $"loss at step {step}");
            Values.Close(expected[b].Output, outputs[b], $"output at step {step}");
            if (InputGradient && !reference.Undecided)
            {
                Values.Close(expected[b].InputGradient, inputs[b].grad, $"dX at step {step}");
            }
        }

        if (!reference.Undecided)
        {
            reference.AssertGradients(Model, $"at step {step}");
        }

        if (step % ProbeEvery == 0 || step % ProbeEvery == ProbeEvery - 1)
        {
            MaskProbe.Check(Model, reference, $"at step {step}");
        }

        _undecided += reference.Undecided ? 1 : 0;
        Update(step, reference);
    }

    private void Update(int step, ReferenceStack reference)
    {
        var next = new List<(string Name, Parameter Parameter, double[] Expected)>();
        for (int i = 0; i < reference.Layers.Count; i++)
        {
            StackLayer layer = Model.Plan[i];
            ReferenceLinear computed = reference.Layers[i];
            Add(layer.Name + ".weight", layer.Linear.weight, computed.WeightGradient);
            if (layer.Linear.bias is { } bias)
            {
                Add(layer.Name + ".bias", bias, computed.BiasGradient!);
            }
        }

        Optimizer.step();
        foreach (var (name, parameter, expected) in next)
        {
            Values.Close(expected, parameter, $"{name} after step {step}");
        }

        void Add(string name, Parameter parameter, double[] gradient) =>
            next.Add((name, parameter, Reference.Next(name, Values.Of(parameter), reference.Undecided ? Values.Doubles(parameter.grad!) : gradient)));
    }

    private Tensor Input()
    {
        Tensor x = _samples.Tensor([.. Batch, Model.Plan[0].Linear.weight.shape[1]]);
        return InputGradient ? x.requires_grad_() : x;
    }
}
