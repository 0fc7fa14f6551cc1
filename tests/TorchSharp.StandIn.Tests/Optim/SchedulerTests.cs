using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Tests.Optimizers;

public class SchedulerTests
{
    private const double Base = 0.8;

    [Fact]
    public void Step_lr() =>
        Check(optimizer => lr_scheduler.StepLR(optimizer, 3, 0.5), epoch => Base * Math.Pow(0.5, epoch / 3));

    [Fact]
    public void Multi_step_lr() =>
        Check(optimizer => lr_scheduler.MultiStepLR(optimizer, [2, 5, 5], 0.1), epoch => Base * (epoch < 2 ? 1 : epoch < 5 ? 0.1 : 0.001));

    [Fact]
    public void Exponential_lr() =>
        Check(optimizer => lr_scheduler.ExponentialLR(optimizer, 0.9), epoch => Base * Math.Pow(0.9, epoch));

    [Fact]
    public void Linear_lr() =>
        Check(optimizer => lr_scheduler.LinearLR(optimizer, 0.25, 1, 4), epoch => Base * (0.25 + (0.75 * Math.Min(epoch, 4) / 4)));

    [Fact]
    public void Cosine_annealing_lr_goes_down_and_up_again() =>
        Check(optimizer => lr_scheduler.CosineAnnealingLR(optimizer, 4, 0.1), epoch => 0.1 + ((Base - 0.1) * (1 + Math.Cos(Math.PI * epoch / 4)) / 2));

    [Fact]
    public void Lambda_lr() =>
        Check(optimizer => lr_scheduler.LambdaLR(optimizer, epoch => 1.0 / (1 + epoch)), epoch => Base / (1 + epoch));

    [Fact]
    public void A_rate_changed_by_hand_goes_on_from_where_it_is()
    {
        using var optimizer = Make();
        var scheduler = lr_scheduler.StepLR(optimizer, 2, 0.5);

        optimizer.ParamGroups.Single().LearningRate = 100;
        scheduler.step();
        scheduler.step();

        Assert.Equal([50.0], scheduler.get_last_lr());
    }

    /// <summary>TorchSharp's schedulers have no state_dict: the saved optimizer holds the rates, the epoch is given to a new one.</summary>
    [Theory]
    [InlineData("cosine")]
    [InlineData("step")]
    public void A_new_scheduler_with_the_last_epoch_takes_the_place_of_the_next_step(string kind)
    {
        lr_scheduler.LRScheduler Schedule(optim.Optimizer optimizer, int epoch) => kind == "cosine"
            ? lr_scheduler.CosineAnnealingLR(optimizer, 6, last_epoch: epoch)
            : lr_scheduler.StepLR(optimizer, 2, 0.5, last_epoch: epoch);
        using var whole = Make();
        var schedule = Schedule(whole, -1);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            schedule.step();
        }
        using MemoryStream state = new();
        whole.save_state_dict(new BinaryWriter(state));
        state.Position = 0;
        using var resumed = Make();
        resumed.load_state_dict(new BinaryReader(state));

        var resumedSchedule = Schedule(resumed, 3);
        schedule.step();
        for (var epoch = 4; epoch < 9; epoch++)
        {
            Assert.Equal(schedule.get_last_lr().Single(), resumedSchedule.get_last_lr().Single(), 12);
            schedule.step();
            resumedSchedule.step();
        }
    }

    [Fact]
    public void Each_group_keeps_its_own_rate()
    {
        using var optimizer = optim.SGD(
            [new SGD.ParamGroup([nn.Parameter(ones([1]))], lr: 1), new SGD.ParamGroup([nn.Parameter(ones([1]))], lr: 3)], 1);
        var scheduler = new lr_scheduler.impl.LambdaLR(optimizer, [epoch => 1 + epoch, epoch => 1 - (0.5 * epoch)]);

        scheduler.step();

        Assert.Equal([2.0, 1.5], scheduler.get_last_lr());
        Assert.Throws<ArgumentException>(() => new lr_scheduler.impl.LambdaLR(optimizer, [epoch => epoch]));
    }

    // Step by step, and again by jumping to each epoch.
    private static void Check(Func<optim.Optimizer, lr_scheduler.LRScheduler> make, Func<int, double> expected)
    {
        using var optimizer = Make();
        var scheduler = make(optimizer);
        for (var epoch = 0; epoch < 11; epoch++)
        {
            Assert.Equal(expected(epoch), optimizer.ParamGroups.Single().LearningRate, 12);
            Assert.Equal(expected(epoch), scheduler.get_last_lr().Single(), 12);
            scheduler.step();
        }
        foreach (var epoch in new[] { 7, 2, 9 })
        {
            scheduler.step(epoch);
            Assert.Equal(expected(epoch), scheduler.get_last_lr().Single(), 12);
        }
    }

    private static SGD Make() => optim.SGD([nn.Parameter(ones([1]))], Base);
}
