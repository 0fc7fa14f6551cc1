using System.Globalization;
using System.Reflection;

namespace BiMaskGen.Benchmarks.Accuracy;

/// <summary>A model class that the build derived from a sample's; its attribute says what it is.</summary>
/// <param name="Pattern">"2:4", or "dense" for the class without the attribute.</param>
/// <param name="Method">The training method, or "dense".</param>
/// <param name="Options">What the attribute says beyond pattern and method, where it differs from the default: "Decay=0.006 Search=Identity".</param>
/// <param name="Type">The class.</param>
internal sealed record Variant(string Pattern, string Method, string Options, Type Type)
{
    internal const string Dense = "dense";

    private static readonly Dictionary<string, PropertyInfo> s_options = typeof(NMSparseAttribute).GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
        .Where(p => p.CanWrite && p.Name != nameof(NMSparseAttribute.Method)).ToDictionary(p => p.Name);

    internal string Name => $"{Pattern} {Method} {Options}".TrimEnd();

    /// <summary>The dense class, then those derived from a sample's class by pattern, method and options.</summary>
    /// <param name="original">The sample's class, which is one of them.</param>
    /// <param name="dense">The class without the attribute.</param>
    internal static IReadOnlyList<Variant> Of(Type original, Type dense)
    {
        var found = from type in original.Assembly.GetTypes()
                    where type.Namespace == original.Namespace && type.Name.StartsWith(original.Name, StringComparison.Ordinal)
                    let attribute = type.GetCustomAttribute<NMSparseAttribute>()
                    where attribute is not null
                    let pattern = new NMPattern(attribute.N, attribute.M)
                    let options = OptionsOf(attribute)
                    orderby attribute.Method, options, (double)pattern.M / pattern.N, pattern.M
                    select new Variant(pattern.ToString(), attribute.Method.ToString(), options, type);
        return [new Variant(Dense, Dense, "", dense), .. found];
    }

    private static string OptionsOf(NMSparseAttribute attribute)
    {
        var plain = new NMSparseAttribute(attribute.N, attribute.M);
        return string.Join(' ', s_options.Values
            .Where(p => !Equals(p.GetValue(attribute), p.GetValue(plain)))
            .OrderBy(p => p.Name, StringComparer.Ordinal)
            .Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Name}={p.GetValue(attribute)}")));
    }
}
