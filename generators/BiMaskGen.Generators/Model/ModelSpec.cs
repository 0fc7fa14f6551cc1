namespace BiMaskGen.Generators.Model;

/// <summary>An annotated class.</summary>
/// <param name="MetadataName">The class as reflection names it, "Demo.Outer+Mlp".</param>
/// <param name="DisplayName">The class as C# names it, "Demo.Outer.Mlp".</param>
/// <param name="HintName">The start of its files' names, unique in the compilation.</param>
/// <param name="Partial">How to reopen the class, or null where that is not possible.</param>
/// <param name="Layers">Its sparse layers.</param>
/// <param name="Containers">Its members whose elements are sparse layers.</param>
/// <param name="Reach">What it covers below itself, or null.</param>
/// <param name="DenseLayers">Its layers with weights that stay dense.</param>
/// <param name="Children">All its members that are modules.</param>
internal sealed record ModelSpec(
    string MetadataName,
    string DisplayName,
    string HintName,
    PartialSpec? Partial,
    EquatableArray<LayerSpec> Layers,
    EquatableArray<ContainerSpec> Containers,
    ReachSpec? Reach,
    EquatableArray<DenseLayerSpec> DenseLayers,
    EquatableArray<ChildSpec> Children);

/// <summary>How the emitted part of a partial class is written.</summary>
/// <param name="Namespace">Its namespace, empty for the global one.</param>
/// <param name="Types">The types around it and itself, outermost first, each as "class Name".</param>
/// <param name="OverridesStateDict">Whether the emitted part may override <c>state_dict</c>.</param>
/// <param name="OverridesRegistration">Whether the emitted part may override <c>RegisterComponents</c>.</param>
/// <param name="Refused">Methods that a model without its dense weights refuses, as far as the emitted part may stand in for them.</param>
/// <param name="OwnMembers">The name of the members that a derived class asks for this class's layers, or null in a sealed class.</param>
/// <param name="BaseOwnMembers">The same name of the nearest base class that has one.</param>
internal sealed record PartialSpec(
    string Namespace,
    EquatableArray<string> Types,
    bool OverridesStateDict,
    bool OverridesRegistration,
    EquatableArray<OverrideSpec> Refused,
    string? OwnMembers,
    string? BaseOwnMembers);

/// <summary>A method of a base class that is overridden or hidden.</summary>
/// <param name="Modifiers">As C# writes them, "public override".</param>
/// <param name="ReturnType">Its return type, fully qualified.</param>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">Its parameters.</param>
internal sealed record OverrideSpec(string Modifiers, string ReturnType, string Name, EquatableArray<ParameterSpec> Parameters);

/// <summary>A parameter; its default value as C# writes it, or null.</summary>
internal sealed record ParameterSpec(string Type, string Name, string? Default);

/// <summary>A layer that is rewritten.</summary>
/// <param name="Member">The field or property, as C# source writes it.</param>
/// <param name="ComponentName">The name that it is registered under.</param>
/// <param name="FunctionName">The emitted autograd function.</param>
/// <param name="DisplayName">The layer as messages name it, "Demo.Mlp.fc1".</param>
/// <param name="Options">What the attribute says.</param>
/// <param name="Shape">What the source says of its shape.</param>
internal sealed record LayerSpec(
    string Member, string ComponentName, string FunctionName, string DisplayName, SparseOptions Options, LinearShape Shape)
{
    /// <summary>"Linear", "Conv1d" or "Conv2d"; null where layers of several kinds can share the function.</summary>
    public string? Kind { get; init; }

    /// <summary>Whether its options have to say how convolutions are grouped: what many share says it only where it is not the default.</summary>
    public bool SaysGrouping => Kind is null ? Options.ConvGrouping != SparseOptions.Channels : Kind != "Linear";
}

/// <summary>A container whose elements are rewritten.</summary>
/// <param name="Layer">What its elements share: the emitted function, the options; named as the container is.</param>
/// <param name="Kind">"Sequential", "ModuleList" or "ModuleDict".</param>
/// <param name="Layers">Its sparse layers where the source says them.</param>
/// <param name="Elements">Its elements where the source says them: each as a member of the class, "net.0".</param>
/// <param name="KeptDense">The elements that stay dense, by their names in the container.</param>
internal sealed record ContainerSpec(
    LayerSpec Layer, string Kind, EquatableArray<ElementSpec> Layers, EquatableArray<ChildSpec> Elements, EquatableArray<string> KeptDense)
{
    /// <summary>Whether the source says which of its elements cannot be sparse.</summary>
    public bool IsKnown { get; init; }
}

/// <summary>A sparse layer in a container: as a member of the class, "net.0", its type's name, and what the source says of its shape.</summary>
internal sealed record ElementSpec(string ComponentName, string Kind, LinearShape Shape);

/// <summary>What a model with <c>Reach = Children</c> covers.</summary>
/// <param name="Layer">What all layers share: the emitted function, the options; named as the model is.</param>
/// <param name="Classes">The model's class itself, then those that can be reached.</param>
internal sealed record ReachSpec(LayerSpec Layer, EquatableArray<ReachedSpec> Classes);

/// <summary>A class whose instances can be covered.</summary>
/// <param name="MetadataName">The class as reflection names it.</param>
/// <param name="Sparse">The components that are layers or hold them; none of the model's own class, which has a function for each.</param>
/// <param name="Dense">The components, and elements of containers, that stay dense.</param>
/// <param name="Children">Its members for the manifest; none of the model's own class.</param>
internal sealed record ReachedSpec(
    string MetadataName, EquatableArray<string> Sparse, EquatableArray<string> Dense, EquatableArray<ChildSpec> Children);

/// <summary>A layer with weights that stays dense, and why.</summary>
internal sealed record DenseLayerSpec(string ComponentName, string Reason);

/// <summary>A member that is a module.</summary>
/// <param name="ComponentName">The name that it is registered under.</param>
/// <param name="Type">Its type as reflection names it, generic arguments in angle brackets.</param>
/// <param name="Options">What makes it sparse, or null.</param>
/// <param name="Shape">Its shape if it is sparse.</param>
/// <param name="StaysDense">Whether it is kept dense, with all below it.</param>
internal sealed record ChildSpec(string ComponentName, string Type, SparseOptions? Options, LinearShape Shape, bool StaysDense);
