namespace CharTransformer;

/// <summary>The characters a model knows: the most frequent ones of a text, and one stand-in for all others.</summary>
internal sealed class Vocabulary
{
    /// <summary>What every other character is read as.</summary>
    public const char Unknown = '\u25a1';

    private const int Limit = 128;

    private readonly char[] _characters;
    private readonly Dictionary<char, int> _ids;

    public Vocabulary(string text)
    {
        // A tie in frequency goes to the lower code, so that ids depend on the text alone.
        char[] frequent = [.. text.CountBy(c => c).OrderByDescending(c => c.Value).ThenBy(c => c.Key).Select(c => c.Key)];
        _characters = frequent.Length <= Limit ? frequent : [.. frequent.Take(Limit - 1).Where(c => c != Unknown), Unknown];
        Array.Sort(_characters);
        _ids = _characters.Select((c, id) => (c, id)).ToDictionary(p => p.c, p => p.id);
    }

    public int Count => _characters.Length;

    public char this[long id] => _characters[id];

    /// <summary>The id of a character, the first one's if it is unknown and the text had none of those.</summary>
    public int Id(char c) => _ids.TryGetValue(c, out int id) ? id : _ids.GetValueOrDefault(Unknown);
}
