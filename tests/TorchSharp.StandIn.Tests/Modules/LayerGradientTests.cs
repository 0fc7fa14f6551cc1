using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Nn;

/// <summary>Every layer's gradients, of its input and its parameters, against central differences along random directions.</summary>
public class LayerGradientTests
{
    public static TheoryData<string> Layers => [.. Cases.Keys];

    private static readonly Dictionary<string, (Func<nn.Module<Tensor, Tensor>> Make, long[] Input)> Cases = new()
    {
        ["Linear"] = (() => nn.Linear(5, 4), [3, 5]),
        ["Linear 3-D without bias"] = (() => nn.Linear(5, 4, hasBias: false), [2, 3, 5]),
        ["Conv2d"] = (() => nn.Conv2d(2, 4, 3, stride: 2, padding: 1), [2, 2, 5, 6]),
        ["Conv2d groups"] = (() => nn.Conv2d(4, 6, (3, 1), padding: (1, 0), dilation: (2, 1), groups: 2, bias: false), [1, 4, 5, 3]),
        ["Conv2d same"] = (() => nn.Conv2d(2, 3, 3, TorchSharp.Padding.Same), [1, 2, 4, 5]),
        ["Conv2d same even"] = (() => nn.Conv2d(2, 3, (2, 4), TorchSharp.Padding.Same), [1, 2, 4, 5]),
        ["Conv1d"] = (() => nn.Conv1d(3, 4, 3, stride: 2, padding: 2), [2, 3, 7]),
        ["Conv1d groups"] = (() => nn.Conv1d(4, 2, 2, dilation: 3, groups: 2, bias: false), [2, 4, 6]),
        ["Conv1d same even"] = (() => nn.Conv1d(2, 3, 4, TorchSharp.Padding.Same), [1, 2, 5]),
        ["Conv1d valid"] = (() => nn.Conv1d(2, 3, 2, TorchSharp.Padding.Valid, stride: 2), [2, 5]),
        ["LayerNorm"] = (() => nn.LayerNorm(6), [4, 6]),
        ["LayerNorm 2-D"] = (() => nn.LayerNorm([2, 3], elementwise_affine: false), [4, 2, 3]),
        ["BatchNorm2d"] = (() => nn.BatchNorm2d(3), [4, 3, 2, 2]),
        ["ReLU"] = (() => nn.ReLU(), [4, 5]),
        ["GELU"] = (() => nn.GELU(), [4, 5]),
        ["GELU tanh"] = (() => nn.GELU(GELU.Approximate.tanh), [4, 5]),
        ["SiLU"] = (() => nn.SiLU(), [4, 5]),
        ["Tanh"] = (() => nn.Tanh(), [4, 5]),
        ["Sigmoid"] = (() => nn.Sigmoid(), [4, 5]),
        ["Softmax"] = (() => nn.Softmax(1), [4, 5]),
        ["Identity"] = (() => nn.Identity(), [4, 5]),
        ["Flatten"] = (() => nn.Flatten(), [2, 3, 4]),
        ["Dropout"] = (() => nn.Dropout(0.4), [6, 7]),
        ["MaxPool2d"] = (() => nn.MaxPool2d(2), [2, 2, 4, 6]),
        ["MaxPool2d stride"] = (() => nn.MaxPool2d(3, stride: 2, padding: 1), [1, 2, 5, 5]),
        ["AvgPool2d"] = (() => nn.AvgPool2d(2), [2, 2, 4, 6]),
        ["AvgPool2d padded"] = (() => nn.AvgPool2d(3, stride: 2, padding: 1, count_include_pad: false), [1, 2, 5, 5]),
        ["AdaptiveAvgPool2d"] = (() => nn.AdaptiveAvgPool2d((2, 3)), [2, 2, 5, 4]),
        ["Sequential"] = (() => nn.Sequential(nn.Linear(5, 6), nn.GELU(), nn.Linear(6, 2)), [3, 5]),
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void Gradients_are_those_of_the_layer(string name)
    {
        var (make, shape) = Cases[name];
        manual_seed(11);
        using var layer = make();
        using var input = TestTensors.Grid(1, shape).requires_grad_();
        Randomize(layer);
        using var probe = TestTensors.Grid(2, Forward(layer, input).shape);

        using (var loss = (Forward(layer, input) * probe).sum())
        {
            loss.backward();
        }

        Check(name + " input", input, () => Loss(layer, input, probe));
        foreach (var (key, parameter) in layer.named_parameters())
        {
            Check($"{name} {key}", parameter, () => Loss(layer, input, probe));
        }
    }

    [Fact]
    public void Embedding_adds_up_repeated_rows_and_leaves_the_padding_row()
    {
        using var layer = nn.Embedding(5, 2, padding_idx: 3);
        using var indices = tensor(new long[] { 1, 3, 1, 4 }, [2, 2]);

        using var output = layer.call(indices);
        using (var loss = (output * TestTensors.FromValues([1, 2, 3, 4, 5, 6, 7, 8], 2, 2, 2)).sum())
        {
            loss.backward();
        }

        var table = TestTensors.Copy(layer.weight!);
        Assert.Equal([2L, 2L, 2L], output.shape);
        Assert.Equal([table[2], table[3], 0f, 0f, table[2], table[3], table[8], table[9]], TestTensors.Copy(output));
        Assert.Equal([0f, 0f, 6f, 8f, 0f, 0f, 0f, 0f, 7f, 8f], TestTensors.Copy(layer.weight!.grad!));
        Assert.Throws<ArgumentOutOfRangeException>(() => layer.call(tensor(new long[] { 5 })));
    }

    [Fact]
    public void Losses_have_the_gradients_of_their_functions()
    {
        using var logits = TestTensors.Grid(3, 4, 3).requires_grad_();
        using var classes = tensor(new long[] { 0, 2, 1, 2 });
        using var cross = nn.CrossEntropyLoss();
        cross.call(logits, classes).backward();
        Check("CrossEntropyLoss", logits, () => cross.call(logits, classes).item<float>());

        using var guess = TestTensors.Grid(4, 4, 3).requires_grad_();
        using var truth = TestTensors.Grid(5, 4, 3);
        using var squares = nn.MSELoss();
        squares.call(guess, truth).backward();
        Check("MSELoss", guess, () => squares.call(guess, truth).item<float>());
    }

    private static Tensor Forward(nn.Module<Tensor, Tensor> layer, Tensor input)
    {
        manual_seed(7);
        return layer.call(input);
    }

    private static double Loss(nn.Module<Tensor, Tensor> layer, Tensor input, Tensor probe)
    {
        using var guard = no_grad();
        using var output = Forward(layer, input);
        var (values, weights) = (TestTensors.Copy(output), TestTensors.Copy(probe));
        return values.Zip(weights, (value, weight) => (double)value * weight).Sum();
    }

    private static void Randomize(nn.Module layer)
    {
        var seed = 20;
        foreach (var parameter in layer.parameters())
        {
            using var values = TestTensors.Grid(seed++, parameter.shape);
            values.bytes.CopyTo(parameter.bytes);
        }
    }

    private static void Check(string what, Tensor variable, Func<double> loss)
    {
        const float Step = 2e-3f;
        var gradient = TestTensors.Copy(variable.grad!);
        var original = TestTensors.Copy(variable);
        for (var seed = 30; seed < 33; seed++)
        {
            var direction = TestTensors.Copy(TestTensors.Grid(seed, gradient.Length)).Select(value => value / 2).ToArray();
            double At(float step)
            {
                TestTensors.FromValues([.. original.Zip(direction, (value, along) => value + (step * along))], variable.shape).bytes.CopyTo(variable.bytes);
                return loss();
            }
            var numeric = (At(Step) - At(-Step)) / (2 * Step);
            At(0);
            var analytic = gradient.Zip(direction, (slope, along) => (double)slope * along).Sum();
            var scale = gradient.Sum(slope => Math.Abs(slope)) + 0.1;
            Assert.True(Math.Abs(numeric - analytic) <= 2e-3 * scale, $"{what}: {numeric} numerically, {analytic} by autograd, scale {scale}");
        }
    }
}
