namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Sets the learning rates of an optimizer's groups, epoch by epoch. The constructor takes the first step.</summary>
            public abstract class LRScheduler
            {
                private readonly IList<ILearningRateController> _groups = [];
                private readonly double[] _baseRates = [];
                private readonly bool _verbose;
                private double[] _lastRates = [];

                protected int _step_count;

                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    _groups = [.. optimizer.ParamGroups];
                    _verbose = verbose;
                    LastEpoch = last_epoch;
                    _baseRates = [.. _groups.Select(group => group.InitialLearningRate)];
                    _lastRates = [.. CurrentRates];
                    if (last_epoch == -1)
                    {
                        foreach (var group in _groups)
                        {
                            group.InitialLearningRate = group.LearningRate;
                        }
                    }
                }

                private protected int LastEpoch { get; private set; }

                private protected IReadOnlyList<double> BaseRates => _baseRates;

                private protected IEnumerable<double> CurrentRates => _groups.Select(group => group.LearningRate);

                public virtual void step()
                {
                    _step_count++;
                    LastEpoch++;
                    Assign(get_lr());
                }

                /// <summary>Goes to a given epoch, by the closed form where there is one.</summary>
                public virtual void step(int? epoch)
                {
                    if (epoch is not { } target)
                    {
                        step();
                        return;
                    }
                    _step_count++;
                    LastEpoch = target;
                    Assign(get_closed_form_lr() ?? get_lr());
                }

                /// <summary>For schedulers that watch a metric; the others have no use for it.</summary>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                /// <summary>The rates that this scheduler set last.</summary>
                public IEnumerable<double> get_last_lr() => _lastRates;

                protected virtual IEnumerable<double> get_lr() => CurrentRates;

                protected virtual IEnumerable<double>? get_closed_form_lr() => null;

                private protected IEnumerable<double> ScaleCurrent(double factor) => CurrentRates.Select(rate => rate * factor);

                private protected IEnumerable<double> ScaleBase(double factor) => _baseRates.Select(rate => rate * factor);

                private void Assign(IEnumerable<double> rates)
                {
                    _lastRates = [.. rates];
                    foreach (var (group, rate) in _groups.Zip(_lastRates))
                    {
                        group.LearningRate = rate;
                        if (_verbose)
                        {
                            Console.WriteLine($"Learning rate {rate:g} at epoch {LastEpoch}.");
                        }
                    }
                }
            }
        }
    }
}
