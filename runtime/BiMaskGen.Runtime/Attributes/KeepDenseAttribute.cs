namespace BiMaskGen;

/// <summary>Keeps one layer of a class that carries <see cref="NMSparseAttribute"/> dense, say the classifier.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, Inherited = false)]
public sealed class KeepDenseAttribute : Attribute;
