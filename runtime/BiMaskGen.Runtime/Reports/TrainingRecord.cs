namespace BiMaskGen;

/// <summary>
/// What the masks of a model did along a training: points that are added as it goes, and a page of curves and mask pictures that needs no network. It is
/// not part of a checkpoint: a run that is resumed begins another.
/// </summary>
/// <param name="model">The model.</param>
public sealed class TrainingRecord(INMSparseModel model)
{
    private readonly INMSparseModel _model = model ?? throw new ArgumentNullException(nameof(model));
    private readonly List<TrainingPoint> _points = [];

    /// <summary>The points so far, in the order they were added.</summary>
    public IReadOnlyList<TrainingPoint> Points => _points;

    /// <summary>
    /// Adds a point with the statistics of all sparse layers; once every few dozen steps is plenty, for each counts its masks. Between <c>backward()</c>
    /// and the optimizer's step it has the gradient gap, which needs weights that have not moved since their masks were made.
    /// </summary>
    /// <param name="loss">The training loss, if it is to be drawn as well.</param>
    public void Add(double? loss = null) => _points.Add(new TrainingPoint(_model.GetSparsityReport(), loss));

    /// <summary>
    /// Writes a page: the table of the report, and for each sparse layer curves of what the masks keep, of the gradient gap and of the flips,
    /// and pictures of its masks as they are now. The file is written beside its place and moved there.
    /// </summary>
    /// <param name="path">The page, an HTML file.</param>
    /// <param name="title">Its heading; the model's class unless given.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveHtml(string path, string? title = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Reports.TrainingPage.Write(path, title ?? _model.GetType().Name, _model, _points);
    }
}

/// <summary>A moment of a training.</summary>
/// <param name="Report">The statistics of all sparse layers.</param>
/// <param name="Loss">The training loss, or null.</param>
public sealed record TrainingPoint(SparsityReport Report, double? Loss);
