using Microsoft.CodeAnalysis.Text;

namespace BiMaskGen.Generators.Tests.Fuzz;

/// <summary>A change of a file's text.</summary>
/// <param name="Span">What goes.</param>
/// <param name="Text">What comes in its place.</param>
internal readonly record struct Edit(TextSpan Span, string Text)
{
    public string ApplyTo(string text) => string.Concat(text.AsSpan(0, Span.Start), Text, text.AsSpan(Span.End));
}
