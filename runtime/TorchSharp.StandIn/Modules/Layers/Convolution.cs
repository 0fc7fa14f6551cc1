using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Shared part of the convolutions: W [out_channels, in_channels / groups, …kernel].</summary>
public abstract class Convolution : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    protected Convolution(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding,
        Padding? padding_type, long[] dilation, bool transposed, long[] output_padding, long groups, bool bias,
        PaddingModes padding_mode, Device? device = null, ScalarType? dtype = null)
        : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        if (in_channels % groups != 0 || out_channels % groups != 0)
        {
            throw new ArgumentException($"{in_channels} input and {out_channels} output channels do not divide into {groups} groups.", nameof(groups));
        }
        if (padding_mode != PaddingModes.Zeros)
        {
            throw new NotSupportedException($"Padding mode {padding_mode} is not supported: zeros only.");
        }
        if (padding_type == TorchSharp.Padding.Same && stride.Any(step => step != 1))
        {
            throw new ArgumentException("Padding 'same' needs stride 1.", nameof(padding_type));
        }
        (this.in_channels, this.out_channels, this.groups, this.transposed) = (in_channels, out_channels, groups, transposed);
        (this.kernel_size, this.stride, this.dilation, this.output_padding) = (kernel_size, stride, dilation, output_padding);
        (this.padding, this.padding_type, this.padding_mode) = (padding_type is null ? padding : null, padding_type, padding_mode);
        weight = nn.Parameter(empty([out_channels, in_channels / groups, .. kernel_size], dtype, device));
        this.bias = bias ? nn.Parameter(empty([out_channels], dtype, device)) : null;
        reset_parameters();
    }

    public Parameter weight
    {
        get => _weight!;
        set => SetParameter(ref _weight, nameof(weight), value);
    }

    public Parameter? bias
    {
        get => _bias;
        set => SetParameter(ref _bias, nameof(bias), value);
    }

    public long in_channels { get; }

    public long out_channels { get; }

    public bool transposed { get; }

    public long groups { get; set; }

    public long[] kernel_size { get; set; }

    public long[] stride { get; set; }

    public long[] dilation { get; set; }

    public long[] output_padding { get; set; }

    public PaddingModes padding_mode { get; set; }

    /// <summary>Null exactly where <see cref="padding_type"/> has a value.</summary>
    public long[]? padding { get; private set; }

    public Padding? padding_type { get; private set; }

    public void SetPadding(long[] padding) => (this.padding, padding_type) = (padding, null);

    public void SetPadding(Padding padding) => (this.padding, padding_type) = (null, padding);

    public void reset_parameters() => nn.init.ResetLinear(weight, bias);
}
