using BiMaskGen.Masks;
using BiMaskGen.Permutations;

namespace BiMaskGen.Sparsify;

/// <summary>What a one-shot sparsifier made of a layer: all that packing needs beside the dense weight.</summary>
/// <param name="Pattern">N:M along in_features, and along the permuted out_features.</param>
/// <param name="Method">What decided which weights stay.</param>
/// <param name="Forward">Mf, its bits at the original columns.</param>
/// <param name="Rows">The row permutation of Bi-Mask and how many weights backward keeps under it.</param>
/// <param name="Channels">The order of the input channels along which the groups of Mf lie; null where they lie along the channels' own order.</param>
/// <param name="Updated">The new weight [out_features, in_features], pruned entries zero, if the method moves the kept weights; else null.</param>
/// <param name="Kept">What is left of the layer.</param>
public sealed record SparsifiedLayer(
    NMPattern Pattern, PruningMethod Method, NMMask Forward, PermutationResult Rows, ChannelOrder? Channels, float[]? Updated, KeptShares Kept);

/// <summary>What is left of a layer, shares from 0 to 1. A layer without weights, or of zeros alone, keeps everything.</summary>
/// <param name="Magnitude">Σ |W ⊙ Mf| / Σ |W|, of the weights as they came.</param>
/// <param name="Backward">Σ Mb / Σ Mf: the share of the forward weights that the backward mask keeps too.</param>
/// <param name="BackwardInOwnOrder">The same without a row permutation.</param>
public readonly record struct KeptShares(double Magnitude, double Backward, double BackwardInOwnOrder);
