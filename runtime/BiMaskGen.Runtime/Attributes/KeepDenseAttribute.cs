namespace BiMaskGen;

/// <summary>
/// Keeps one layer of a class that carries <see cref="NMSparseAttribute"/> dense, say the classifier; over a container all its layers, or those named.
/// </summary>
/// <param name="elements">
/// Layers of a <c>Sequential</c>, <c>ModuleList</c> or <c>ModuleDict</c> that stay dense, by their names in it: "2", "head", "1.0" where containers are
/// nested. Without names the whole member stays dense.
/// </param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, Inherited = false)]
public sealed class KeepDenseAttribute(params string[] elements) : Attribute
{
    /// <summary>The elements that stay dense; empty for the whole member.</summary>
    public IReadOnlyList<string> Elements { get; } = elements;
}
