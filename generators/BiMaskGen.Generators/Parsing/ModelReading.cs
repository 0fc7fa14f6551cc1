using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Parsing;

/// <summary>A module-typed member of an annotated class, and what is decided about it.</summary>
/// <param name="Member">The field or property.</param>
/// <param name="Options">What the attribute over it says, its own or the class's; null without one.</param>
/// <param name="Content">What it holds.</param>
/// <param name="DenseReason">Why a layer with weights stays dense, or null.</param>
/// <param name="Assigned">What the class puts in.</param>
internal sealed record ReadMember(
    ModuleMember Member, SparseOptions? Options, LayerContent Content, string? DenseReason, IReadOnlyList<AssignedValue> Assigned)
{
    /// <summary>Whether the layer is rewritten.</summary>
    public bool IsSparse => Content.IsLinear && DenseReason is null;
}

/// <summary>
/// An annotated class as the generator emits it and as the analyzers see it: which members are layers, and which of them are sparse. Holds
/// symbols and syntax, so it lives inside one transform, or as long as an analyzer's compilation.
/// </summary>
internal sealed class ModelReading
{
    private readonly Dictionary<ISymbol, ReadMember> _bySymbol = new(SymbolEqualityComparer.Default);

    private ModelReading(INamedTypeSymbol type, Compilation compilation, KnownTypes known, CancellationToken cancellation)
    {
        Type = type;
        Compilation = compilation;
        Known = known;
        Code = new ClassCode(type, compilation, cancellation);
        SparseOptions? classOptions = KnownTypes.Attribute(type, known.SparseAttribute) is { } own ? OptionsReader.Read(own) : null;
        IReadOnlyList<ModuleMember> modules = ModuleMember.Of(type, known, cancellation);
        Assignments assignments = new(Code, new HashSet<string>(modules.Select(static module => module.Symbol.Name)), cancellation);
        LayerReader layers = new(known, assignments, Factory(cancellation));
        List<ReadMember> members = [];
        foreach (ModuleMember member in modules)
        {
            SparseOptions? options = member.Sparse is { } attribute ? OptionsReader.Read(attribute) : classOptions;
            if (member.Sparse is not null && (member.KeepDense is not null || options is not { IsValid: true }))
            {
                continue; // An analyzer reports it as an error.
            }

            LayerContent content = layers.Read(member);
            string? reason = content.DenseReason ?? (content.IsLinear ? WhyDense(member, options) : null);
            ReadMember read = new(member, options, content, reason, assignments.Of(member.Symbol));
            members.Add(read);
            _bySymbol.Add(member.Symbol, read);
        }

        Members = members;
    }

    public INamedTypeSymbol Type { get; }

    public Compilation Compilation { get; }

    public KnownTypes Known { get; }

    public ClassCode Code { get; }

    public IReadOnlyList<ClassSource> Sources => Code.Sources;

    /// <summary>Its module-typed members in order of declaration, but for those whose own attribute is wrong.</summary>
    public IReadOnlyList<ReadMember> Members { get; }

    public IEnumerable<ReadMember> SparseLayers => Members.Where(static member => member.IsSparse);

    /// <summary>The reading of a class, or null where none is emitted for it.</summary>
    public static ModelReading? Of(INamedTypeSymbol type, Compilation compilation, KnownTypes known, CancellationToken cancellation) =>
        type.TypeKind == TypeKind.Class && AnnotatedClass.IsEmitted(type, known) ? new ModelReading(type, compilation, known, cancellation) : null;

    // Made anew for each use: a reading outlives the analyzer's action, and with it the token, that it was made in.
    public LinearFactory Factory(CancellationToken cancellation) => new(Known, Code, new IntegerReader(Compilation, cancellation), cancellation);

    public bool IsSparse(ISymbol symbol) => _bySymbol.TryGetValue(symbol, out ReadMember? member) && member.IsSparse;

    private static string? WhyDense(ModuleMember member, SparseOptions? options) =>
        member.KeepDense is not null ? "[KeepDense]" : options is null ? "not marked [NMSparse]" : null;
}
