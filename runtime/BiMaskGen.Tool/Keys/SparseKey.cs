using BiMaskGen.Tool.Manifest;

namespace BiMaskGen.Tool.Keys;

/// <summary>A tensor of a checkpoint that is to become sparse.</summary>
/// <param name="Key">Its key in the checkpoint, "blocks.0.fc1.weight".</param>
/// <param name="Member">The member it belongs to, "Demo.Block.fc1", or null where no model says it.</param>
/// <param name="Sparsity">Pattern, and what the source says of its shape.</param>
internal sealed record SparseKey(string Key, string? Member, MemberSparsity Sparsity);

/// <summary>What is wrong with a key.</summary>
/// <param name="Kind">What.</param>
/// <param name="Key">The key, or where keys are missing the path they should lie under.</param>
/// <param name="Message">The whole message.</param>
internal sealed record KeyProblem(KeyProblemKind Kind, string Key, string Message);

/// <summary>What can be wrong with a key.</summary>
internal enum KeyProblemKind
{
    /// <summary>The model has it, the checkpoint does not.</summary>
    Missing,

    /// <summary>The checkpoint has it, the model does not.</summary>
    Unused,

    /// <summary>It lies below a member whose content no declaration says, while some annotated class is nowhere declared.</summary>
    UnknownContent,

    /// <summary>A pattern of keys meets it, but it is no matrix.</summary>
    NoMatrix,
}
