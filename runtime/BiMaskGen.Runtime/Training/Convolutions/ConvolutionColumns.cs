using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Masks;

namespace BiMaskGen.Training;

/// <summary>
/// How a convolution's weight <c>[out_channels, in_channels, kh, kw]</c> becomes the matrix <c>[out_channels, columns]</c> that is masked and multiplied.
/// Groups of M consecutive columns are the layer's groups. By channels the columns are (kh, kw, in_channels), and a tap is filled up with zeros to whole
/// groups: zeros come after the weights of their group and lose every tie, so the same weights are kept as in a group that is shorter.
/// </summary>
public sealed class ConvolutionColumns
{
    // 8N:8M, where the widest curve of structure decay begins.
    private const int WidestStructure = 8;

    /// <summary>Makes the layout of a layer.</summary>
    /// <param name="options">Pattern, method and grouping.</param>
    /// <param name="channels">in_channels.</param>
    /// <param name="kernelHeight">kh; 1 along a row.</param>
    /// <param name="kernelWidth">kw.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public ConvolutionColumns(SparseLayerOptions options, int channels, int kernelHeight, int kernelWidth)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(kernelHeight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(kernelWidth, 1);
        Grouping = options.Grouping;
        Channels = channels;
        KernelHeight = kernelHeight;
        KernelWidth = kernelWidth;

        // The end of the only tap is the end of the row, where every mask knows remainders.
        IsWeightOrder = Grouping == ConvGrouping.Flattened || Taps == 1;
        int group = options.Pattern.M * (options is { Method: SparseMethod.StructureDecay, StructureCurve: StructureCurve.Geometric } ? WidestStructure : 1);
        PaddedChannels = IsWeightOrder ? channels : checked((channels + group - 1) / group * group);
        Count = checked(PaddedChannels * Taps);
    }

    /// <summary>Along what groups run.</summary>
    public ConvGrouping Grouping { get; }

    /// <summary>in_channels.</summary>
    public int Channels { get; }

    /// <summary>kh.</summary>
    public int KernelHeight { get; }

    /// <summary>kw.</summary>
    public int KernelWidth { get; }

    /// <summary>Entries of the kernel, kh·kw.</summary>
    public int Taps => checked(KernelHeight * KernelWidth);

    /// <summary>Columns of a tap, zeros included.</summary>
    public int PaddedChannels { get; }

    /// <summary>Columns of the matrix, zeros included.</summary>
    public int Count { get; }

    /// <summary>Columns that hold weights, in_channels·kh·kw.</summary>
    public int Weights => checked(Channels * Taps);

    /// <summary>Whether the matrix is the weight as it lies in memory.</summary>
    public bool IsWeightOrder { get; }

    /// <summary>in_channels, kh and kw, as messages have them.</summary>
    internal string Shape => $"{Channels}, {KernelHeight}, {KernelWidth}";

    /// <summary>Where the weight of a column stands: its channel and its place in the kernel.</summary>
    internal string Place(int column)
    {
        (int channel, int tap) = IsWeightOrder ? (column / Taps, column % Taps) : (column % PaddedChannels, column / PaddedChannels);
        return $"{channel}, {tap / KernelWidth}, {tap % KernelWidth}";
    }

    /// <summary>Lays a weight out as the matrix.</summary>
    /// <param name="weight">[out_channels, in_channels·kh·kw].</param>
    /// <param name="matrix">[out_channels, <see cref="Count"/>], written; zero where it holds no weight.</param>
    /// <exception cref="ArgumentException">A view has another shape.</exception>
    public void ToMatrix(MatrixView weight, MatrixView matrix)
    {
        Check(weight, matrix);
        WeightLayout.ToColumns(weight, matrix, this);
    }

    /// <summary>The inverse of <see cref="ToMatrix"/>, for gradients and masks.</summary>
    /// <param name="matrix">[out_channels, <see cref="Count"/>].</param>
    /// <param name="weight">[out_channels, in_channels·kh·kw], written.</param>
    /// <exception cref="ArgumentException">A view has another shape.</exception>
    public void FromMatrix(MatrixView matrix, MatrixView weight)
    {
        Check(weight, matrix);
        WeightLayout.FromColumns(matrix, weight, this);
    }

    /// <summary>Takes the zeros out of a mask: a group with fewer than N weights would keep some of them, and a report would count them.</summary>
    internal void ClearPadding(NMMask mask)
    {
        if (PaddedChannels == Channels)
        {
            return;
        }

        for (int row = 0; row < mask.Rows; row++)
        {
            Span<ulong> words = mask.Row(row);
            for (int tap = 0; tap < Taps; tap++)
            {
                for (int column = (tap * PaddedChannels) + Channels; column < (tap + 1) * PaddedChannels; column++)
                {
                    words[column >> 6] &= ~(1ul << (column & 63));
                }
            }
        }
    }

    private void Check(MatrixView weight, MatrixView matrix)
    {
        if (weight.Columns != Weights || matrix.Columns != Count || weight.Rows != matrix.Rows)
        {
            throw new ArgumentException(
                $"[{weight.Rows}, {weight.Columns}] and [{matrix.Rows}, {matrix.Columns}] are no weight of {Weights} and no matrix of {Count} columns.");
        }
    }
}
