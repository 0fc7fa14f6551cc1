namespace DigitResNet;

/// <summary>What the command line chose.</summary>
/// <param name="Train">optdigits file to train on; null: drawn digits.</param>
/// <param name="Test">optdigits file to test on; null: drawn digits.</param>
/// <param name="Images">How many digits are drawn to train on.</param>
/// <param name="Seeds">One run each.</param>
/// <param name="Compare">Whether the dense model is trained too.</param>
internal sealed record Settings(FileInfo? Train, FileInfo? Test, int Images, int Seeds, bool Compare);
