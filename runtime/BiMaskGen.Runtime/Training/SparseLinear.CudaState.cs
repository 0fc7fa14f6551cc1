using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Masks;

namespace BiMaskGen.Training;

/// <content>What the layer keeps on a GPU, how it knows its weights there, and what it tells of it; all of it under the lock.</content>
public abstract partial class SparseLinear
{
    // Σ Mf is given by the pattern, unless a weight that was kept is zero; the mask pass counts Σ Mb where backward has a mask of its own.
    private (double Forward, double? Backward)? KeptOnCuda()
    {
        if (_cuda is not { Key: not null } side)
        {
            return null;
        }

        double weights = (double)OutFeatures * InFeatures, kept = side.Mask is { } mask ? mask.CountKept()
            : _cudaForm.IsDense ? weights
            : OutFeatures * (double)KeptInRow(_cudaForm.N, _cudaForm.M);
        bool hasOneMask = _cudaForm.IsDense || !_method.HasBackwardMask;
        return (kept / weights, hasOneMask ? 1 : side.KeptBackward / kept);
    }

    private long KeptInRow(int n, int m) => (InFeatures / m * (long)n) + Math.Min(InFeatures % m, n);

    private IEnumerable<KernelDecision> CudaDecisions() => _cuda is not { } side
        ? []
        : from batch in side.Batches
          from isBackward in batch.Training ? new[] { false, true } : [false]
          let choice = side.Linear.ChoiceOf(batch.Rows, batch.Training, isBackward)
          where choice is not null
          select new KernelDecision(
              isBackward ? "dX" : "y",
              batch.Rows,
              choice.Value.IsSparse ? KernelKind.SparseCuda : KernelKind.MaskedDense,
              choice.Value.SparseMilliseconds,
              choice.Value.DenseMilliseconds,
              batch.Calls)
          {
              Reason = choice.Value.SparseMilliseconds > 0 ? null : choice.Value.Reason,
          };

    private WeightKey KeyOf(LayerOnCuda side, nint weight) => new(side.Host.Tensors.Read(Name, "weight", weight).Pointer, side.Host.Tensors.Version(weight));

    private CudaLayerSpec SpecOf(in CudaTensor weight) => new(Name, Pattern, OutFeatures, InFeatures, weight.Type, ComputeType(weight.Type));

    private CudaType ComputeType(CudaType weight) => Options.Precision switch { Precision.BFloat16 => CudaType.BF16, Precision.Float16 => CudaType.F16, _ => weight };

    private LayerOnCuda SideOf(CudaHost host, in CudaTensor weight)
    {
        CudaLayerSpec spec = SpecOf(weight);
        if (_cuda?.Fits(host, weight.Device, spec) != true)
        {
            // What calls still hold stays until they end, or until the finalizer.
            _cuda?.Retire();
            _cuda = new LayerOnCuda(host, host.Runtime.Device(weight.Device), spec);
            _current = null;
        }

        return _cuda;
    }

    // The CPU's clock goes by bits, the GPU's by versions: who changes over compares bits once.
    private void LeaveCuda()
    {
        _cuda?.Retire();
        _history.Pending?.Begin();
        _cuda = null;
    }

    private ulong BitsOfWeight()
    {
        ulong bits = 0;
        DenseWeight.Read(weight => bits = WeightFingerprint.Of(weight.Span));
        return bits;
    }

    // A file holds bits: versions mean nothing to another process. What is not the state last seen gets other bits than that.
    private ulong SeenBits()
    {
        if (!_clock.Started || _cuda is not { Key: not null } side)
        {
            return _clock.Seen;
        }

        ulong bits = BitsOfWeight();
        return DenseWeight.Handle is not 0 and nint weight && side.Key == KeyOf(side, weight) && side.Fingerprint == _clock.Seen ? bits : ~bits;
    }
}
