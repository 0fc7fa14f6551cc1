using static TorchSharp.torch;

namespace CharTransformer;

/// <summary>Sequences and, one character on, what is to be predicted; both [batch, context].</summary>
internal readonly record struct Batch(Tensor Inputs, Tensor Targets);

/// <summary>A text as token ids: the first nine tenths to train on, the rest to validate on.</summary>
internal sealed class TextCorpus
{
    private readonly int[] _ids;
    private readonly int _split, _batch, _context;
    private readonly Random _random;

    /// <exception cref="InvalidDataException">The text is too short for one sequence in its last tenth.</exception>
    public TextCorpus(string text, int batch, int context, int seed)
    {
        Vocabulary = new Vocabulary(text);
        _ids = [.. text.Select(Vocabulary.Id)];
        _split = (int)(_ids.Length * 0.9);
        (_batch, _context, _random) = (batch, context, new Random(seed));
        if (ValidationLength <= context)
        {
            throw new InvalidDataException($"A text of {_ids.Length} characters is too short for sequences of {context}: its last tenth must hold one.");
        }
    }

    public Vocabulary Vocabulary { get; }

    public int TrainLength => _split;

    public int ValidationLength => _ids.Length - _split;

    /// <summary>The next batch to train on, at random places.</summary>
    public Batch Next() => Cut(Enumerable.Range(0, _batch).Select(_ => _random.Next(_split - _context)));

    /// <summary>Always the same sequences, spread evenly over the validation part; no more than the part holds without overlap.</summary>
    public IEnumerable<Batch> Validation(int batches)
    {
        int places = ValidationLength - _context, wanted = Math.Clamp(places / _context, 1, batches * _batch);
        return Enumerable.Range(0, wanted).Select(i => _split + (int)((long)i * places / wanted)).Chunk(_batch).Select(Cut);
    }

    private Batch Cut(IEnumerable<int> starts)
    {
        int[] rows = [.. starts];
        long[,] inputs = new long[rows.Length, _context], targets = new long[rows.Length, _context];
        for (int r = 0; r < rows.Length; r++)
        {
            for (int c = 0; c < _context; c++)
            {
                inputs[r, c] = _ids[rows[r] + c];
                targets[r, c] = _ids[rows[r] + c + 1];
            }
        }

        return new Batch(tensor(inputs), tensor(targets));
    }
}
