using System.Globalization;
using System.Reflection;

namespace TorchSharp.Tests.Api;

/// <summary>
/// Prints the public and protected surface of an assembly, one header line per type and one line per member, in the form of
/// TorchSharp's listing. Types whose full name is open (they mention a type parameter) print without namespace, as there.
/// </summary>
internal static class ApiPrinter
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(double)] = "double",
        [typeof(float)] = "float",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(void)] = "void",
    };

    public static SortedDictionary<string, SortedSet<string>> Print(Assembly assembly)
    {
        SortedDictionary<string, SortedSet<string>> surface = new(StringComparer.Ordinal);
        foreach (var type in assembly.GetTypes().Where(IsVisible))
        {
            surface.Add(Header(type), new(Members(type), StringComparer.Ordinal));
        }
        return surface;
    }

    private static bool IsVisible(Type type) =>
        type.IsNested ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!) : type.IsPublic;

    private static string Header(Type type)
    {
        var isDelegate = typeof(Delegate).IsAssignableFrom(type);
        var kind = type.IsEnum ? "enum"
            : type.IsValueType ? "struct"
            : type.IsInterface ? "interface"
            : isDelegate ? "delegate"
            : type is { IsAbstract: true, IsSealed: true } ? "static class"
            : type.IsAbstract ? "abstract class"
            : type.IsSealed ? "sealed class"
            : "class";
        var hasBase = type is { IsClass: true, BaseType: { } } && type.BaseType != typeof(object);
        return $"{kind} {Name(type)}" + (hasBase ? $" : {Name(type.BaseType!)}" : string.Empty);
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}");
        }
        return [
            .. type.GetConstructors(Declared).Where(IsOpen).Select(member => $"{Access(member)} .ctor({Parameters(member.GetParameters())})"),
            .. type.GetMethods(Declared).Where(IsOpen).Where(member => !member.IsSpecialName || member.Name.StartsWith("op_", StringComparison.Ordinal)).Select(Method),
            .. type.GetProperties(Declared).Where(property => Accessors(property).Any()).Select(Property),
            .. type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly).Select(Field),
        ];
    }

    private static string Method(MethodInfo method)
    {
        var kind = method.IsStatic ? "static " : method.IsAbstract ? "abstract " : method is { IsVirtual: true, IsFinal: false } ? "virtual " : string.Empty;
        var arguments = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : string.Empty;
        return $"{Access(method)} {kind}{Name(method.ReturnType)} {method.Name}{arguments}({Parameters(method.GetParameters())})";
    }

    private static string Property(PropertyInfo property)
    {
        var accessors = Accessors(property).ToList();
        var widest = accessors.Find(accessor => accessor.IsPublic) ?? accessors[0];
        var kind = widest.IsStatic ? "static " : widest.IsAbstract ? "abstract " : widest.IsVirtual ? "virtual " : string.Empty;
        var index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{Parameters(parameters)}]" : string.Empty;
        var body = string.Concat(accessors.Select(accessor => accessor == property.GetMethod ? "get; " : "set; "));
        return $"{Access(widest)} {kind}{Name(property.PropertyType)} {property.Name}{index} {{ {body}}}";
    }

    private static string Field(FieldInfo field) =>
        $"{(field.IsPublic ? "public" : "protected")} {(field.IsStatic ? "static " : string.Empty)}field {Name(field.FieldType)} {field.Name}";

    private static IEnumerable<MethodInfo> Accessors(PropertyInfo property) =>
        new[] { property.GetMethod, property.SetMethod }.OfType<MethodInfo>().Where(IsOpen);

    private static bool IsOpen(MethodBase member) => member.IsPublic || member.IsFamily || member.IsFamilyOrAssembly;

    private static string Access(MethodBase member) => member.IsPublic ? "public" : "protected";

    private static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var passing = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params "
            : !parameter.ParameterType.IsByRef ? string.Empty
            : parameter.IsOut ? "out " : "ref ";
        var value = parameter.HasDefaultValue ? $" = {Default(parameter.RawDefaultValue)}" : string.Empty;
        return $"{passing}{Name(parameter.ParameterType)} {parameter.Name}{value}";
    }

    private static string Default(object? value) => value switch
    {
        null => "default",
        bool flag => flag ? "true" : "false",
        string text => $"\"{text}\"",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException($"A default of type {value.GetType()}."),
    };

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return Name(type.GetElementType()!);
        }
        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }
        if (type.IsGenericParameter)
        {
            return type.Name;
        }
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying) + "?";
        }
        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }
        var name = WithoutArity(type.Name);
        if (type.FullName is not null)
        {
            for (var outer = type.DeclaringType; outer is not null; outer = outer.DeclaringType)
            {
                name = $"{WithoutArity(outer.Name)}.{name}";
            }
            name = type.Namespace is null or "System" ? name : $"{type.Namespace}.{name}";
        }
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }

    private static string WithoutArity(string name) => name.Split('`')[0];
}
