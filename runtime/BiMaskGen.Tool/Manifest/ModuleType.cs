namespace BiMaskGen.Tool.Manifest;

/// <summary>
/// A type as the manifest names it: namespace, "+" before nested types, generic arguments in angle brackets, say
/// <c>TorchSharp.Modules.ModuleList&lt;Demo.Block&gt;</c>.
/// </summary>
/// <param name="Name">The name without arguments.</param>
/// <param name="Arguments">The generic arguments.</param>
internal sealed record ModuleType(string Name, IReadOnlyList<ModuleType> Arguments)
{
    /// <summary>A type parameter of the class it stands in, by its place.</summary>
    public static ModuleType Parameter(int index) => new("!" + index, []);

    /// <summary>The type with the arguments of the class it stands in put in the places of its parameters.</summary>
    public ModuleType Substitute(IReadOnlyList<ModuleType> arguments)
    {
        if (Name.StartsWith('!') && int.TryParse(Name.AsSpan(1), out int index))
        {
            return index < arguments.Count ? arguments[index] : this;
        }

        return Arguments.Count == 0 ? this : new ModuleType(Name, [.. Arguments.Select(a => a.Substitute(arguments))]);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">The angle brackets do not match.</exception>
    public static ModuleType Parse(string text)
    {
        int position = 0;
        ModuleType type = Parse(text, ref position);
        return position == text.Length ? type : throw new FormatException($"\"{text}\" is no type name: unexpected '{text[position]}' at {position}.");
    }

    /// <inheritdoc/>
    public override string ToString() => Arguments.Count == 0 ? Name : $"{Name}<{string.Join(", ", Arguments)}>";

    private static ModuleType Parse(string text, ref int position)
    {
        int start = position;
        while (position < text.Length && text[position] is not ('<' or '>' or ','))
        {
            position++;
        }

        string name = text[start..position].Trim();
        List<ModuleType> arguments = [];
        if (position < text.Length && text[position] == '<')
        {
            do
            {
                position++;
                arguments.Add(Parse(text, ref position));
            }
            while (position < text.Length && text[position] == ',');

            if (position == text.Length || text[position] != '>')
            {
                throw new FormatException($"\"{text}\" is no type name: '>' is missing.");
            }

            position++;
        }

        return new ModuleType(name, arguments);
    }
}
