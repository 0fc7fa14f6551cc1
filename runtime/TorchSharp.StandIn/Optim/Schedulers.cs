namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>γ every step_size epochs.</summary>
                public class StepLR : LRScheduler
                {
                    private readonly int _stepSize;
                    private readonly double _gamma;

                    public StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step_size);
                        (_stepSize, _gamma) = (step_size, gamma);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => ScaleCurrent(LastEpoch != 0 && LastEpoch % _stepSize == 0 ? _gamma : 1);

                    protected override IEnumerable<double> get_closed_form_lr() => ScaleBase(Math.Pow(_gamma, LastEpoch / _stepSize));
                }

                /// <summary>γ at each milestone; a milestone that is given twice counts twice.</summary>
                public class MultiStepLR : LRScheduler
                {
                    private readonly int[] _milestones;
                    private readonly double _gamma;

                    public MultiStepLR(Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_milestones, _gamma) = ([.. milestones], gamma);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() =>
                        ScaleCurrent(Math.Pow(_gamma, _milestones.Count(milestone => milestone == LastEpoch)));

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        ScaleBase(Math.Pow(_gamma, _milestones.Count(milestone => milestone <= LastEpoch)));
                }

                /// <summary>γ every epoch.</summary>
                public class ExponentialLR : LRScheduler
                {
                    private readonly double _gamma;

                    public ExponentialLR(Optimizer optimizer, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _gamma = gamma;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => ScaleCurrent(LastEpoch == 0 ? 1 : _gamma);

                    protected override IEnumerable<double> get_closed_form_lr() => ScaleBase(Math.Pow(_gamma, LastEpoch));
                }

                /// <summary>From start_factor to end_factor in total_iters equal steps, then constant.</summary>
                public class LinearLR : LRScheduler
                {
                    private readonly double _start;
                    private readonly double _end;
                    private readonly int _iterations;

                    public LinearLR(Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1, int total_iters = 5,
                        int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_start, _end, _iterations) = (start_factor, end_factor, total_iters);
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (LastEpoch == 0)
                        {
                            return ScaleCurrent(_start);
                        }
                        return ScaleCurrent(LastEpoch > _iterations
                            ? 1
                            : 1 + ((_end - _start) / ((_iterations * _start) + ((LastEpoch - 1) * (_end - _start)))));
                    }

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        ScaleBase(_start + ((_end - _start) * Math.Min(_iterations, LastEpoch) / _iterations));
                }

                /// <summary>Half a cosine from the base rate to eta_min in T_max epochs, and back again.</summary>
                public class CosineAnnealingLR : LRScheduler
                {
                    private readonly double _period;
                    private readonly double _floor;

                    public CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_period, _floor) = (T_max, eta_min);
                        step();
                    }

                    // Recursive in the current rate, as torch's: a rate changed by hand goes on from where it was put.
                    protected override IEnumerable<double> get_lr()
                    {
                        if (LastEpoch == 0)
                        {
                            return CurrentRates;
                        }
                        if (_step_count == 1 && LastEpoch > 0)
                        {
                            return get_closed_form_lr();
                        }
                        if ((LastEpoch - 1 - _period) % (2 * _period) == 0)
                        {
                            var rise = (1 - Math.Cos(Math.PI / _period)) / 2;
                            return CurrentRates.Zip(BaseRates, (rate, start) => rate + ((start - _floor) * rise));
                        }
                        var ratio = (1 + Math.Cos(Math.PI * LastEpoch / _period)) / (1 + Math.Cos(Math.PI * (LastEpoch - 1) / _period));
                        return CurrentRates.Select(rate => (ratio * (rate - _floor)) + _floor);
                    }

                    protected override IEnumerable<double> get_closed_form_lr()
                    {
                        var share = (1 + Math.Cos(Math.PI * LastEpoch / _period)) / 2;
                        return BaseRates.Select(rate => _floor + ((rate - _floor) * share));
                    }
                }

                /// <summary>The base rate times a function of the epoch, one for all groups or one for each.</summary>
                public class LambdaLR : LRScheduler
                {
                    private readonly Func<int, double>[] _lambdas;

                    public LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _lambdas = [.. BaseRates.Select(_ => lr_lambda)];
                        step();
                    }

                    public LambdaLR(Optimizer optimizer, IEnumerable<Func<int, double>> lr_lambdas, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _lambdas = [.. lr_lambdas];
                        if (_lambdas.Length != BaseRates.Count)
                        {
                            throw new ArgumentException($"{_lambdas.Length} functions for {BaseRates.Count} groups.", nameof(lr_lambdas));
                        }
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => BaseRates.Zip(_lambdas, (rate, lambda) => rate * lambda(LastEpoch));
                }
            }
        }
    }
}
