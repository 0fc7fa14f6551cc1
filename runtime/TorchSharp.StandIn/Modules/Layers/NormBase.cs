using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Normalisation with running statistics, kept as buffers.</summary>
public abstract class NormBase : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    [ComponentName(Name = nameof(running_mean))]
    private Tensor? _runningMean;

    [ComponentName(Name = nameof(running_var))]
    private Tensor? _runningVar;

    [ComponentName(Name = nameof(num_batches_tracked))]
    private Tensor? _numBatchesTracked;

    public NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
        : base(name)
    {
        (this.num_features, this.eps, this.momentum) = (num_features, eps, momentum);
        (this.affine, this.track_running_stats) = (affine, track_running_stats);
        if (affine)
        {
            weight = nn.Parameter(empty([num_features], dtype, device));
            bias = nn.Parameter(empty([num_features], dtype, device));
            nn.init.ResetAffine(weight, bias);
        }
        if (track_running_stats)
        {
            running_mean = zeros([num_features], dtype, device);
            running_var = ones([num_features], dtype, device);
            num_batches_tracked = zeros([], ScalarType.Int64, device);
        }
    }

    public long num_features { get; }

    public double eps { get; set; }

    /// <summary>Weight of the newest batch; null averages all batches alike.</summary>
    public double? momentum { get; set; }

    public bool affine { get; }

    public bool track_running_stats { get; }

    public Parameter? weight
    {
        get => _weight;
        set => SetParameter(ref _weight, nameof(weight), value);
    }

    public Parameter? bias
    {
        get => _bias;
        set => SetParameter(ref _bias, nameof(bias), value);
    }

    public Tensor? running_mean
    {
        get => _runningMean;
        set => SetBuffer(ref _runningMean, nameof(running_mean), value);
    }

    public Tensor? running_var
    {
        get => _runningVar;
        set => SetBuffer(ref _runningVar, nameof(running_var), value);
    }

    public Tensor? num_batches_tracked
    {
        get => _numBatchesTracked;
        set => SetBuffer(ref _numBatchesTracked, nameof(num_batches_tracked), value);
    }

    public void reset_running_stats()
    {
        if (!track_running_stats)
        {
            return;
        }
        using var guard = no_grad();
        running_mean?.zero_();
        running_var?.fill_(1f);
        num_batches_tracked?.zero_();
    }

    public void reset_parameters()
    {
        reset_running_stats();
        nn.init.ResetAffine(weight, bias);
    }

    protected abstract void ValidateInputDimensions(Tensor input);

    internal Tensor Normalize(Tensor input)
    {
        ValidateInputDimensions(input);
        var factor = momentum ?? 0;
        if (training && track_running_stats && num_batches_tracked is { } count)
        {
            using var guard = no_grad();
            count.add_(1L);
            factor = momentum ?? 1.0 / count.item<long>();
        }
        var fromBatch = training || (running_mean is null && running_var is null);
        var track = !training || track_running_stats;
        return nn.functional.batch_norm(input, track ? running_mean : null, track ? running_var : null, weight, bias, fromBatch, factor, eps);
    }
}
