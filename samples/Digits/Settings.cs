using BiMaskGen;

namespace Digits;

/// <summary>What the command line chose.</summary>
/// <param name="Train">optdigits file to train on; null: drawn digits.</param>
/// <param name="Test">optdigits file to test on; null: drawn digits.</param>
/// <param name="Pattern">N:M, or dense.</param>
/// <param name="Search">How the backward permutation is searched.</param>
/// <param name="Seeds">One run each.</param>
/// <param name="Table">All patterns and searches instead of one.</param>
internal sealed record Settings(FileInfo? Train, FileInfo? Test, string Pattern, PermutationSearch Search, IReadOnlyList<int> Seeds, bool Table);
