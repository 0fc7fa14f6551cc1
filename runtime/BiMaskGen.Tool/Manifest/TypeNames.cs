using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace BiMaskGen.Tool.Manifest;

/// <summary>Decodes signatures and attribute arguments of an assembly to names, without loading what they name.</summary>
internal sealed class TypeNames : ISignatureTypeProvider<ModuleType, object?>, ICustomAttributeTypeProvider<ModuleType>
{
    private static readonly ModuleType s_other = new("?", []);

    public static ModuleType Of(MetadataReader reader, EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeDefinition => s_names.GetTypeFromDefinition(reader, (TypeDefinitionHandle)handle, 0),
        HandleKind.TypeReference => s_names.GetTypeFromReference(reader, (TypeReferenceHandle)handle, 0),
        HandleKind.TypeSpecification => reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(s_names, null),
        _ => s_other,
    };

    /// <summary>The class of an attribute.</summary>
    public static string OfAttribute(MetadataReader reader, CustomAttribute attribute) => attribute.Constructor.Kind switch
    {
        HandleKind.MethodDefinition =>
            Of(reader, reader.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType()).Name,
        HandleKind.MemberReference => Of(reader, reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent).Name,
        _ => s_other.Name,
    };

    public static TypeNames Provider => s_names;

    private static readonly TypeNames s_names = new();

    public ModuleType GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        string name = Plain(reader.GetString(type.Name));
        return new ModuleType(
            type.GetDeclaringType() is { IsNil: false } outer
                ? GetTypeFromDefinition(reader, outer, 0).Name + "+" + name
                : Qualified(reader.GetString(type.Namespace), name),
            []);
    }

    public ModuleType GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        TypeReference type = reader.GetTypeReference(handle);
        string name = Plain(reader.GetString(type.Name));
        return new ModuleType(
            type.ResolutionScope.Kind == HandleKind.TypeReference
                ? GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, 0).Name + "+" + name
                : Qualified(reader.GetString(type.Namespace), name),
            []);
    }

    public ModuleType GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public ModuleType GetGenericInstantiation(ModuleType genericType, ImmutableArray<ModuleType> typeArguments) =>
        new(genericType.Name, typeArguments);

    public ModuleType GetGenericTypeParameter(object? genericContext, int index) => ModuleType.Parameter(index);

    public ModuleType GetModifiedType(ModuleType modifier, ModuleType unmodifiedType, bool isRequired) => unmodifiedType;

    public ModuleType GetSZArrayType(ModuleType elementType) => new("[]", [elementType]);

    public ModuleType GetPrimitiveType(PrimitiveTypeCode typeCode) => new("System." + typeCode, []);

    // What no module can be: torch registers no arrays, pointers or method parameters.
    public ModuleType GetArrayType(ModuleType elementType, ArrayShape shape) => s_other;

    public ModuleType GetByReferenceType(ModuleType elementType) => s_other;

    public ModuleType GetFunctionPointerType(MethodSignature<ModuleType> signature) => s_other;

    public ModuleType GetGenericMethodParameter(object? genericContext, int index) => s_other;

    public ModuleType GetPinnedType(ModuleType elementType) => elementType;

    public ModuleType GetPointerType(ModuleType elementType) => s_other;

    public ModuleType GetSystemType() => new("System.Type", []);

    public ModuleType GetTypeFromSerializedName(string name) => new(name.Split(',')[0], []);

    public PrimitiveTypeCode GetUnderlyingEnumType(ModuleType type) => PrimitiveTypeCode.Int32;

    public bool IsSystemType(ModuleType type) => type.Name == "System.Type";

    // "List`1" to "List": the arguments are written out beside it.
    private static string Plain(string name) => name.Split('`')[0];

    private static string Qualified(string space, string name) => space.Length == 0 ? name : space + "." + name;
}
