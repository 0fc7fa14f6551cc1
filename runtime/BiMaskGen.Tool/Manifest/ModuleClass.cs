namespace BiMaskGen.Tool.Manifest;

/// <summary>A module class of the user's, as its compiled assembly shows it.</summary>
/// <param name="Name">Its metadata name without arity, "Demo.Outer+Mlp".</param>
/// <param name="Base">Its base class.</param>
/// <param name="Annotated">Whether it carries <c>[NMSparse]</c>, on itself or on a member.</param>
/// <param name="Members">Its own fields that hold modules, by the names they are registered under.</param>
/// <param name="Tensors">Its own fields that hold parameters or buffers.</param>
/// <param name="Reach">What makes layers sparse in classes without an attribute below it, or null.</param>
internal sealed record ModuleClass(
    string Name, ModuleType Base, bool Annotated, IReadOnlyList<ModuleMember> Members, IReadOnlyList<string> Tensors, MemberSparsity? Reach = null);

/// <summary>A field that holds a module, or an element of the container that a field holds.</summary>
/// <param name="Name">The name it is registered under; "net.0" for an element.</param>
/// <param name="Type">Its most exact known type.</param>
/// <param name="Nullable">Whether its declaration allows null: a model may be without it.</param>
/// <param name="Sparsity">What makes it sparse, or null.</param>
/// <param name="Reached">Whether its class takes what a model above says of it.</param>
/// <param name="StaysDense">Whether it stays dense with all below it.</param>
internal sealed record ModuleMember(string Name, ModuleType Type, bool Nullable, MemberSparsity? Sparsity, bool Reached = false, bool StaysDense = false)
{
    /// <summary>What makes it sparse below a model that says so for all it reaches.</summary>
    public MemberSparsity? Under(MemberSparsity? reach) => Sparsity ?? (Reached && !StaysDense && HoldsLinears ? reach : null);

    private bool HoldsLinears => Type.Name == WellKnown.Linear
        || (Type.Name is WellKnown.ModuleList or WellKnown.ModuleDict && Type.Arguments is [{ Name: WellKnown.Linear }]);

    /// <summary>Whether it is an element of a container that another member holds.</summary>
    public bool IsBelow(ModuleMember member) => Name.StartsWith(member.Name + ".", StringComparison.Ordinal);
}

/// <summary>What the attribute and the source say of a sparse layer.</summary>
/// <param name="Pattern">N:M.</param>
/// <param name="Method">The training method.</param>
/// <param name="InFeatures">in_features where the source gives a constant, else 0.</param>
/// <param name="OutFeatures">out_features where the source gives a constant, else 0.</param>
internal sealed record MemberSparsity(NMPattern Pattern, SparseMethod Method, int InFeatures, int OutFeatures);
