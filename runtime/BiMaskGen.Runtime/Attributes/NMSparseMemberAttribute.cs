namespace BiMaskGen;

/// <summary>
/// One member of an annotated model, written into the assembly by the generator: the manifest from which build-time tools compose
/// the state_dict keys of a root model without running it.
/// </summary>
/// <param name="model">The annotated class, metadata name.</param>
/// <param name="member">The name the member is registered under, "net.0" for an element of a container; empty for what the class reaches below itself.</param>
/// <param name="childType">The member's module type.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class NMSparseMemberAttribute(string model, string member, string childType) : Attribute
{
    /// <summary>The annotated class, metadata name.</summary>
    public string Model { get; } = model;

    /// <summary>The name the member is registered under, "net.0" for an element of a container; empty for what the class reaches below itself.</summary>
    public string Member { get; } = member;

    /// <summary>The member's module type.</summary>
    public string ChildType { get; } = childType;

    /// <summary>Weights kept in a group; 0 for a member that stays dense.</summary>
    public int N { get; set; }

    /// <summary>Weights in a group; 0 for a member that stays dense.</summary>
    public int M { get; set; }

    /// <summary>The training method.</summary>
    public SparseMethod Method { get; set; }

    /// <summary>in_features where the source gives a constant, else 0.</summary>
    public int InFeatures { get; set; }

    /// <summary>out_features where the source gives a constant, else 0.</summary>
    public int OutFeatures { get; set; }

    /// <summary>How far the class's attribute reaches, on the entry without a member.</summary>
    public SparseReach Reach { get; set; }

    /// <summary>Whether the class has no attribute of its own: what its members become, the model above says that reaches it.</summary>
    public bool Reached { get; set; }

    /// <summary>Whether the member stays dense, with all below it, whatever reaches the class.</summary>
    public bool StaysDense { get; set; }
}
