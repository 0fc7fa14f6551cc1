namespace BiMaskGen.Tool.Manifest;

/// <summary>A module class of the user's, as its compiled assembly shows it.</summary>
/// <param name="Name">Its metadata name without arity, "Demo.Outer+Mlp".</param>
/// <param name="Base">Its base class.</param>
/// <param name="Annotated">Whether it carries <c>[NMSparse]</c>, on itself or on a member.</param>
/// <param name="Members">Its own fields that hold modules, by the names they are registered under.</param>
/// <param name="Tensors">Its own fields that hold parameters or buffers.</param>
internal sealed record ModuleClass(
    string Name, ModuleType Base, bool Annotated, IReadOnlyList<ModuleMember> Members, IReadOnlyList<string> Tensors);

/// <summary>A field that holds a module.</summary>
/// <param name="Name">The name it is registered under.</param>
/// <param name="Type">Its most exact known type.</param>
/// <param name="Nullable">Whether its declaration allows null: a model may be without it.</param>
/// <param name="Sparsity">What makes it sparse, or null.</param>
internal sealed record ModuleMember(string Name, ModuleType Type, bool Nullable, MemberSparsity? Sparsity);

/// <summary>What the attribute and the source say of a sparse layer.</summary>
/// <param name="Pattern">N:M.</param>
/// <param name="Method">The training method.</param>
/// <param name="InFeatures">in_features where the source gives a constant, else 0.</param>
/// <param name="OutFeatures">out_features where the source gives a constant, else 0.</param>
internal sealed record MemberSparsity(NMPattern Pattern, SparseMethod Method, int InFeatures, int OutFeatures);
