using BiMaskGen.Training;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Training;

public class LayerClockTests
{
    [Fact]
    public void FirstUseIsStepZero_AndCarriesTheDecay()
    {
        var clock = new LayerClock();
        clock.OnTrainingForward(1);
        Assert.Equal(0, clock.Step);
        Assert.True(clock.TakeDecay());
        Assert.False(clock.TakeDecay());
    }

    [Fact]
    public void EveryChangeCountsOnce_HoweverManyForwards()
    {
        var clock = new LayerClock();
        clock.OnTrainingForward(1);
        clock.OnTrainingForward(1);
        clock.OnTrainingForward(2);
        clock.OnTrainingForward(2);
        clock.OnTrainingForward(3);
        Assert.Equal(2, clock.Step);
    }

    [Fact]
    public void DecayEntersOncePerStep_UnderAccumulation()
    {
        var clock = new LayerClock();
        clock.OnTrainingForward(1);
        clock.OnTrainingForward(1);
        Assert.True(clock.TakeDecay());
        Assert.False(clock.TakeDecay());
        clock.OnTrainingForward(2);
        Assert.True(clock.TakeDecay());
    }

    [Fact]
    public void ALoadDoesNotCount_ButItsWeightsDecay()
    {
        var clock = new LayerClock();
        clock.OnTrainingForward(1);
        clock.TakeDecay();
        clock.OnStateDict(1);
        clock.OnTrainingForward(7);
        Assert.Equal(0, clock.Step);
        Assert.True(clock.TakeDecay());
    }

    [Fact]
    public void AStepBeforeALoadStillCounts()
    {
        var clock = new LayerClock();
        clock.OnTrainingForward(1);
        clock.OnStateDict(2);
        clock.OnTrainingForward(7);
        Assert.Equal(1, clock.Step);
    }

    [Fact]
    public void SavingBetweenStepsDoesNotDisturb()
    {
        var clock = new LayerClock();
        clock.OnTrainingForward(1);
        clock.TakeDecay();
        clock.OnStateDict(2);
        clock.OnTrainingForward(2);
        clock.TakeDecay();
        clock.OnTrainingForward(3);
        Assert.Equal(2, clock.Step);
    }

    [Fact]
    public void SavingBetweenForwardAndBackwardDoesNotLoseTheStep()
    {
        var clock = new LayerClock();
        clock.OnTrainingForward(1);
        clock.OnStateDict(1);
        clock.TakeDecay();
        clock.OnTrainingForward(2);
        Assert.Equal(1, clock.Step);
    }

    [Fact]
    public void ARestoredClockCountsTheStepThatWasSavedAfter()
    {
        var clock = new LayerClock();
        clock.OnTrainingForward(1);
        var resumed = new LayerClock();
        resumed.Restore(clock.Step, clock.Started, clock.Seen, clock.DecayPending);
        clock.OnTrainingForward(2);
        resumed.OnTrainingForward(2);
        Assert.Equal(clock.Step, resumed.Step);
        Assert.Equal(1, resumed.Step);
    }

    [Fact]
    public void StateDictBeforeTheFirstUseIsNoBarrier()
    {
        var clock = new LayerClock();
        clock.OnStateDict(5);
        clock.OnTrainingForward(5);
        clock.OnTrainingForward(6);
        Assert.Equal(1, clock.Step);
    }
}
