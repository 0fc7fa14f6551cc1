using System.ComponentModel;

namespace System.Runtime.CompilerServices;

/// <summary>netstandard2.0 lacks the type that init-only setters, and so records, name.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
internal static class IsExternalInit;
