using TorchSharp.Modules;
using TorchSharp.Tests.Nn;
using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Optimizers;

/// <summary>Several steps of each optimizer against its update written out per element in double precision.</summary>
public class OptimizerReferenceTests
{
    private const int Steps = 7;

    [Theory]
    [InlineData(0, 0, 0, false, false)]
    [InlineData(0.9, 0, 0, false, false)]
    [InlineData(0.9, 0.3, 0.1, false, false)]
    [InlineData(0.8, 0, 0.1, true, false)]
    [InlineData(0.8, 0, 0.1, true, true)]
    public void Sgd(double momentum, double dampening, double decay, bool nesterov, bool maximize)
    {
        var buffer = new double[Length];
        Run(parameters => optim.SGD(parameters, 0.1, momentum, dampening, decay, nesterov, maximize), versions: 1, (step, p, g, i) =>
        {
            g = (maximize ? -g : g) + (decay * p);
            if (momentum != 0)
            {
                buffer[i] = step == 1 ? g : (momentum * buffer[i]) + ((1 - dampening) * g);
                g = nesterov ? g + (momentum * buffer[i]) : buffer[i];
            }
            return p - (0.1 * g);
        });
    }

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(0.1, false, false)]
    [InlineData(0.1, true, true)]
    public void Adam(double decay, bool amsgrad, bool maximize)
    {
        AdamReference reference = new(amsgrad);
        Run(parameters => optim.Adam(parameters, 0.05, 0.8, 0.9, 1e-6, decay, amsgrad, maximize), versions: 1, (step, p, g, i) =>
            p + reference.Move(step, (maximize ? -g : g) + (decay * p), i));
    }

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(0.1, false, false)]
    [InlineData(0.1, true, true)]
    public void AdamW(double decay, bool amsgrad, bool maximize)
    {
        AdamReference reference = new(amsgrad);
        Run(parameters => optim.AdamW(parameters, 0.05, 0.8, 0.9, 1e-6, decay, amsgrad, maximize), versions: 2, (step, p, g, i) =>
            (p * (1 - (0.05 * decay))) + reference.Move(step, maximize ? -g : g, i));
    }

    // Odd, and longer than one vector of any width.
    private const int Length = 37;

    private static void Run(Func<IEnumerable<Parameter>, OptimizerHelper> make, int versions, Func<int, double, double, int, double> update)
    {
        var parameter = nn.Parameter(TestTensors.Grid(1, Length));
        var idle = nn.Parameter(TestTensors.Grid(2, 3));
        var untouched = TestTensors.Copy(idle);
        using var optimizer = make([parameter, idle]);
        var expected = TestTensors.Copy(parameter).Select(value => (double)value).ToArray();
        for (var step = 1; step <= Steps; step++)
        {
            using var gradient = TestTensors.Grid(10 + step, Length);
            var slopes = TestTensors.Copy(gradient);
            parameter.grad = gradient;
            var version = TestTensors.Version(parameter);

            optimizer.step();

            Assert.Equal(version + versions, TestTensors.Version(parameter));
            var actual = TestTensors.Copy(parameter);
            for (var i = 0; i < Length; i++)
            {
                expected[i] = update(step, expected[i], slopes[i], i);
                Assert.True(Math.Abs(expected[i] - actual[i]) < 1e-5, $"step {step}, element {i}: {actual[i]} instead of {expected[i]}");
            }
        }
        Assert.Equal(untouched, TestTensors.Copy(idle));
    }

    private sealed class AdamReference(bool amsgrad)
    {
        private readonly double[] _average = new double[Length];
        private readonly double[] _square = new double[Length];
        private readonly double[] _largest = new double[Length];

        public double Move(int step, double g, int i)
        {
            _average[i] = (0.8 * _average[i]) + (0.2 * g);
            _square[i] = (0.9 * _square[i]) + (0.1 * g * g);
            _largest[i] = Math.Max(_largest[i], _square[i]);
            var square = amsgrad ? _largest[i] : _square[i];
            var denominator = Math.Sqrt(square / (1 - Math.Pow(0.9, step))) + 1e-6;
            return -0.05 * (_average[i] / (1 - Math.Pow(0.8, step))) / denominator;
        }
    }
}
