using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Nn;

public class LayerValueTests
{
    [Fact]
    public void Linear_is_initialised_as_torch_does()
    {
        manual_seed(3);
        using var layer = nn.Linear(64, 512);
        var bound = 1 / 8f;

        var weight = TestTensors.Copy(layer.weight);
        var bias = TestTensors.Copy(layer.bias!);

        Assert.Equal((64L, 512L), (layer.in_features, layer.out_features));
        Assert.All(weight, value => Assert.InRange(value, -bound, bound));
        Assert.All(bias, value => Assert.InRange(value, -bound, bound));
        Assert.InRange(weight.Max(), 0.99f * bound, bound);
        Assert.InRange(weight.Average(), -0.003f, 0.003f);
        Assert.InRange(weight.Select(value => value * value).Average(), 0.97f * bound * bound / 3, 1.03f * bound * bound / 3);
    }

    [Fact]
    public void Setting_a_weight_disposes_the_old_one_and_registers_the_new()
    {
        using var layer = nn.Linear(2, 2);
        var old = layer.weight;
        var replacement = nn.Parameter(zeros([2, 2]));

        layer.weight = replacement;

        Assert.True(old.IsInvalid);
        Assert.Same(replacement, layer.state_dict()["weight"]);
        layer.bias = null;
        Assert.Equal(["weight"], layer.state_dict().Keys);
    }

    [Fact]
    public void A_parameter_takes_its_data_over_and_outlives_scopes()
    {
        var data = ones([2]);
        TorchSharp.Modules.Parameter parameter;
        using (NewDisposeScope())
        {
            parameter = nn.Parameter(data);
        }

        Assert.True(data.IsInvalid);
        Assert.True(parameter.requires_grad);
        Assert.Equal([1f, 1f], TestTensors.Copy(parameter));
    }

    [Fact]
    public void Layers_made_in_a_scope_outlive_it()
    {
        TorchSharp.Modules.BatchNorm2d norm;
        using (NewDisposeScope())
        {
            norm = nn.BatchNorm2d(2);
        }

        Assert.All(norm.state_dict().Values, value => Assert.False(value.IsInvalid));
    }

    [Fact]
    public void BatchNorm_tracks_statistics_and_uses_them_in_eval()
    {
        using var norm = nn.BatchNorm2d(1, momentum: 0.5);
        using var input = TestTensors.FromValues([1, 2, 3, 6], 1, 1, 2, 2);
        norm.call(input).Dispose();

        Assert.Equal(1.5f, TestTensors.Copy(norm.running_mean!)[0], 6);
        Assert.Equal((0.5f * 1) + (0.5f * 14 / 3), TestTensors.Copy(norm.running_var!)[0], 5);
        Assert.Equal(["weight", "bias", "running_mean", "running_var", "num_batches_tracked"], norm.state_dict().Keys);

        norm.eval();
        using var output = norm.call(input);
        var deviation = Math.Sqrt(0.5 + (7.0 / 3) + 1e-5);
        Assert.Equal((1 - 1.5) / deviation, TestTensors.Copy(output)[0], 5);
        Assert.Equal(1L, norm.num_batches_tracked!.item<long>());
        Assert.Throws<ArgumentException>(() => norm.call(ones([2, 1])));
    }

    [Fact]
    public void Dropout_is_the_identity_in_eval()
    {
        using var layer = nn.Dropout(0.5);
        layer.eval();
        using var input = TestTensors.Grid(1, 50);

        Assert.Equal(TestTensors.Copy(input), TestTensors.Copy(layer.call(input)));
        Assert.Throws<ArgumentOutOfRangeException>(() => nn.Dropout(1.5));
    }

    [Fact]
    public void Conv2d_reports_its_geometry()
    {
        using var numbers = nn.Conv2d(4, 8, (3, 5), padding: (1, 2), groups: 2);
        using var same = nn.Conv2d(4, 8, 3, TorchSharp.Padding.Same);

        Assert.Equal([8L, 2L, 3L, 5L], numbers.weight.shape);
        Assert.Equal([1L, 2L], numbers.padding!);
        Assert.Null(numbers.padding_type);
        Assert.Null(same.padding);
        Assert.Equal(TorchSharp.Padding.Same, same.padding_type);
        Assert.Throws<ArgumentException>(() => nn.Conv2d(3, 8, 3, groups: 2));
        Assert.Throws<NotSupportedException>(() => nn.Conv2d(3, 8, 3, padding_mode: PaddingModes.Reflect));
    }

    [Fact]
    public void Conv1d_reports_its_geometry_and_begins_as_torch_does()
    {
        manual_seed(3);
        using var layer = nn.Conv1d(16, 64, 4, stride: 2, padding: 3, dilation: 5);
        using var same = nn.Conv1d(4, 8, 3, TorchSharp.Padding.Same);

        Assert.Equal([64L, 16L, 4L], layer.weight.shape);
        Assert.Equal([4L], layer.kernel_size);
        Assert.Equal([2L], layer.stride);
        Assert.Equal([3L], layer.padding!);
        Assert.Equal([5L], layer.dilation);
        Assert.Equal(TorchSharp.Padding.Same, same.padding_type);
        Assert.InRange(TestTensors.Copy(layer.weight).Max(), 0.98 / Math.Sqrt(64), 1 / Math.Sqrt(64));
        Assert.InRange(TestTensors.Copy(layer.bias!).Max(), 0.5 / Math.Sqrt(64), 1 / Math.Sqrt(64));
        Assert.Throws<ArgumentException>(() => nn.Conv1d(4, 8, 3, TorchSharp.Padding.Same, stride: 2));
        Assert.Throws<NotSupportedException>(() => nn.Conv1d(4, 8, 3, padding_mode: PaddingModes.Circular));
    }

    [Fact]
    public void Initialisers_have_their_bounds()
    {
        manual_seed(5);
        using var tensor = empty([60, 40]);

        Assert.Equal((40L, 60L), nn.init.CalculateFanInAndFanOut(tensor));
        nn.init.xavier_uniform_(tensor, gain: 2);
        Assert.InRange(TestTensors.Copy(tensor).Max(), 2 * Math.Sqrt(6.0 / 100) * 0.98, 2 * Math.Sqrt(6.0 / 100));
        nn.init.kaiming_uniform_(tensor, nonlinearity: nn.init.NonlinearityType.ReLU);
        Assert.InRange(TestTensors.Copy(tensor).Max(), Math.Sqrt(6.0 / 40) * 0.98, Math.Sqrt(6.0 / 40));
        nn.init.normal_(tensor, mean: 3, std: 0.5);
        Assert.InRange(TestTensors.Copy(tensor).Average(), 2.95, 3.05);
        nn.init.constant_(tensor, 4f);
        Assert.All(TestTensors.Copy(tensor), value => Assert.Equal(4f, value));
    }

    [Theory]
    [InlineData(2.0, 5.0)]
    [InlineData(1.0, 7.0)]
    [InlineData(double.PositiveInfinity, 4.0)]
    public void Gradients_are_clipped_to_a_joint_norm(double kind, double norm)
    {
        var first = nn.Parameter(zeros([1]));
        var second = nn.Parameter(zeros([2]));
        first.grad = TestTensors.FromValues([3], 1);
        second.grad = TestTensors.FromValues([-4, 0], 2);

        var before = nn.utils.clip_grad_norm_([first, second], max_norm: 1, norm_type: kind);

        Assert.Equal(norm, before, 6);
        Assert.Equal(3 / norm, TestTensors.Copy(first.grad!)[0], 5);
        Assert.Equal(-4 / norm, TestTensors.Copy(second.grad!)[0], 5);
        nn.utils.clip_grad_norm_([first, second], max_norm: 100);
        Assert.Equal(3 / norm, TestTensors.Copy(first.grad!)[0], 5);
        nn.utils.clip_grad_value_([first, second], 0.25);
        Assert.Equal([0.25f], TestTensors.Copy(first.grad!));
    }
}
