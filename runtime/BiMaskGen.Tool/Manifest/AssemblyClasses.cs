using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace BiMaskGen.Tool.Manifest;

/// <summary>
/// Reads the classes of a compiled assembly and its manifest attributes from metadata alone: nothing is loaded or run, so the assembly
/// may be for another framework, and its file is free again at once.
/// </summary>
internal sealed class AssemblyClasses
{
    private const string MemberAttribute = "BiMaskGen.NMSparseMemberAttribute";
    private const byte Annotated = 2;
    private const string ComponentNameAttribute = "TorchSharp.Utils.ComponentNameAttribute";

    private readonly MetadataReader _reader;
    private readonly Dictionary<string, Dictionary<string, ModuleMember>> _manifest = [];
    private readonly Dictionary<string, MemberSparsity> _reach = [];

    private AssemblyClasses(MetadataReader reader) => _reader = reader;

    /// <summary>All classes of the assembly with their fields of class type; which of them are modules shows only beside the others.</summary>
    /// <param name="path">The assembly's file.</param>
    /// <exception cref="ManifestException">The file is no .NET assembly.</exception>
    public static IReadOnlyList<ModuleClass> Read(string path)
    {
        try
        {
            using PEReader file = new(File.OpenRead(path), PEStreamOptions.PrefetchMetadata);
            MetadataReader reader = file.HasMetadata ? file.GetMetadataReader() : throw new ManifestException($"{path} is no .NET assembly.");
            return UsesTorch(reader) ? new AssemblyClasses(reader).Classes() : [];
        }
        catch (BadImageFormatException e)
        {
            throw new ManifestException($"{path} is no .NET assembly: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ManifestException($"{path} cannot be read: {e.Message}", e);
        }
    }

    // Whoever derives from a module refers to the assembly that has it, TorchSharp or what stands in for it.
    private static bool UsesTorch(MetadataReader reader) =>
        reader.AssemblyReferences.Any(a => reader.StringComparer.StartsWith(reader.GetAssemblyReference(a).Name, "TorchSharp"));

    private List<ModuleClass> Classes()
    {
        foreach (CustomAttributeHandle handle in _reader.GetAssemblyDefinition().GetCustomAttributes())
        {
            CustomAttribute attribute = _reader.GetCustomAttribute(handle);
            if (TypeNames.OfAttribute(_reader, attribute) == MemberAttribute)
            {
                AddMember(attribute.DecodeValue(TypeNames.Provider));
            }
        }

        List<ModuleClass> classes = [];
        foreach (TypeDefinitionHandle handle in _reader.TypeDefinitions)
        {
            TypeDefinition type = _reader.GetTypeDefinition(handle);
            if (!type.BaseType.IsNil && !type.Attributes.HasFlag(System.Reflection.TypeAttributes.Interface))
            {
                classes.Add(Class(TypeNames.Of(_reader, handle).Name, type));
            }
        }

        return classes;
    }

    private void AddMember(CustomAttributeValue<ModuleType> value)
    {
        string model = (string)value.FixedArguments[0].Value!, name = (string)value.FixedArguments[1].Value!;
        var numbers = value.NamedArguments.ToDictionary(a => a.Name!, a => Convert.ToInt32(a.Value, System.Globalization.CultureInfo.InvariantCulture));
        int n = numbers.GetValueOrDefault(nameof(NMSparseMemberAttribute.N)), m = numbers.GetValueOrDefault(nameof(NMSparseMemberAttribute.M));
        MemberSparsity? sparsity = m == 0 ? null : new MemberSparsity(
            new NMPattern(n, m),
            (SparseMethod)numbers.GetValueOrDefault(nameof(NMSparseMemberAttribute.Method)),
            numbers.GetValueOrDefault(nameof(NMSparseMemberAttribute.InFeatures)),
            numbers.GetValueOrDefault(nameof(NMSparseMemberAttribute.OutFeatures)));
        model = model.Split('`')[0];
        if (name.Length == 0)
        {
            if (sparsity is not null)
            {
                _reach[model] = sparsity;
            }

            return;
        }

        if (!_manifest.TryGetValue(model, out Dictionary<string, ModuleMember>? members))
        {
            _manifest.Add(model, members = []);
        }

        members[name] = new ModuleMember(
            name, ModuleType.Parse((string)value.FixedArguments[2].Value!), false, sparsity, Is(nameof(NMSparseMemberAttribute.Reached)), Is(nameof(NMSparseMemberAttribute.StaysDense)));

        bool Is(string flag) => numbers.GetValueOrDefault(flag) != 0;
    }

    private ModuleClass Class(string name, TypeDefinition type)
    {
        Dictionary<string, ModuleMember>? annotated = _manifest.GetValueOrDefault(name);
        byte context = NullableFlag(type.GetCustomAttributes(), "System.Runtime.CompilerServices.NullableContextAttribute") ?? 0;
        List<ModuleMember> members = [];
        List<string> tensors = [];
        foreach (FieldDefinitionHandle handle in type.GetFields())
        {
            FieldDefinition field = _reader.GetFieldDefinition(handle);
            if (field.Attributes.HasFlag(System.Reflection.FieldAttributes.Static))
            {
                continue;
            }

            ModuleType content = field.DecodeSignature(TypeNames.Provider, null);
            string component = ComponentName(field);
            if (content.Name is WellKnown.Parameter or WellKnown.Tensor)
            {
                tensors.Add(component);
            }
            else
            {
                // The generator saw what is assigned to the field, the metadata only how it is declared.
                byte flag = NullableFlag(field.GetCustomAttributes(), "System.Runtime.CompilerServices.NullableAttribute") ?? context;
                ModuleMember member = annotated?.GetValueOrDefault(component) ?? new ModuleMember(component, content, false, null);
                members.Add(member with { Nullable = flag == Annotated });

                // What the generator read in a container is no field: "net.0" below the field net.
                members.AddRange(annotated?.Values.Where(element => element.IsBelow(member)) ?? []);
            }
        }

        return new ModuleClass(name, TypeNames.Of(_reader, type.BaseType), annotated?.Values.Any(member => !member.Reached) == true, members, tensors, _reach.GetValueOrDefault(name));
    }

    // What the compiler notes of "?": a flag for the type itself, then those of its arguments.
    private byte? NullableFlag(CustomAttributeHandleCollection attributes, string name)
    {
        foreach (CustomAttributeHandle handle in attributes)
        {
            CustomAttribute attribute = _reader.GetCustomAttribute(handle);
            if (TypeNames.OfAttribute(_reader, attribute) == name)
            {
                return attribute.DecodeValue(TypeNames.Provider).FixedArguments[0].Value switch
                {
                    byte flag => flag,
                    System.Collections.Immutable.ImmutableArray<CustomAttributeTypedArgument<ModuleType>> { Length: > 0 } flags => (byte?)flags[0].Value,
                    _ => null,
                };
            }
        }

        return null;
    }

    private string ComponentName(FieldDefinition field)
    {
        foreach (CustomAttributeHandle handle in field.GetCustomAttributes())
        {
            CustomAttribute attribute = _reader.GetCustomAttribute(handle);
            if (TypeNames.OfAttribute(_reader, attribute) == ComponentNameAttribute
                && attribute.DecodeValue(TypeNames.Provider).NamedArguments.FirstOrDefault(a => a.Name == "Name").Value is string name)
            {
                return name;
            }
        }

        return _reader.GetString(field.Name);
    }
}
