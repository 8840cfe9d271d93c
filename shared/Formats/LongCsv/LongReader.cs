using System.Runtime.CompilerServices;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.PictureTables;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.LongCsv;

/// <summary>Reads tables with one row per point. Opening has read all of them into an <see cref="InstanceSpool"/>.</summary>
/// <param name="fileName">Name of the first table, for messages.</param>
internal sealed class LongReader(string fileName) : LabelReader
{
    private readonly InstanceSpool _spool = new(fileName);
    private readonly List<string> _keypoints = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<string> _guesses = [];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Keypoints => _keypoints;

    /// <inheritdoc/>
    public override string FileName => fileName;

    /// <inheritdoc/>
    public override bool HasOpenConventions => true;

    /// <inheritdoc/>
    public override IEnumerable<string> Guesses => _guesses;

    /// <summary>Reads a table.</summary>
    /// <param name="rows">The table.</param>
    /// <param name="columns">The meaning of its columns.</param>
    /// <param name="hasTwo">Whether the numbers of its states are COCO's (<see cref="PointStates"/>).</param>
    /// <param name="file">Its path in the set if there are several; otherwise null.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="RejectedFileException">The table cannot be read on, or the labels are too many.</exception>
    public async Task AddAsync(CsvTable rows, LongColumns columns, bool hasTwo, string? file, CancellationToken cancellationToken)
    {
        rows.MostRows = long.MaxValue; // The spool limits what is kept.
        PointStates? states = columns.State < 0 ? null : new PointStates([rows.Names[columns.State]]);
        while (await rows.ReadAsync(cancellationToken))
        {
            if (rows.Fault is { } broken)
            {
                AddBad("", file, rows, broken);
                continue;
            }

            string path = TableCells.Text(rows, columns.Picture) ?? "";
            if (path.Length == 0)
            {
                AddBad("", file, rows, TableCells.PictureFault(rows, columns.Picture));
                continue;
            }

            if (Read(rows, columns, states, hasTwo, out LabelledInstance part) is { } fault)
                AddBad(path, file, rows, fault);
            else
                _spool.Add(_spool.Add(new LabelledPicture(path, []) { File = file, StatedSize = TableCells.Size(rows, columns.Size) }), part, part.Id ?? "");
        }

        _guesses.AddRange(rows.Guesses.Where(guess => !_guesses.Contains(guess)));
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<LabelledPicture> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (LabelledPicture picture in _spool.Read(_keypoints))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return picture;
        }

        await Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override ValueTask CloseAsync()
    {
        _spool.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Reads a row as a part of an instance with at most one point.</summary>
    private RowFault? Read(CsvTable rows, LongColumns columns, PointStates? states, bool hasTwo, out LabelledInstance part)
    {
        part = new LabelledInstance(rows.Row, []);
        RowFault? fault = rows.ParseCoordinate(columns.X, out float x) ?? rows.ParseCoordinate(columns.Y, out _);
        if (fault is not null)
            return fault;
        _ = rows.ParseCoordinate(columns.Y, out float y);
        PictureBox? box = null;
        if (columns.Box?.Parse(rows, out box) is { } boxFault)
            return boxFault;
        string? keypoint = TableCells.Text(rows, columns.Keypoint);
        bool isHalf = float.IsNaN(x) != float.IsNaN(y);
        if (keypoint is null && (isHalf || !float.IsNaN(x)))
            return new RowFault(RowProblemKind.Label, TableCells.Show(rows, columns.Keypoint), "the name of the keypoint is missing");
        if (keypoint is not null && KeypointName.FindProblem(keypoint) is string problem)
            return new RowFault(RowProblemKind.Label, TableCells.Show(rows, columns.Keypoint), $"the name of the keypoint {problem}");
        int place = keypoint is null ? -1 : PlaceOf(keypoint);
        if (isHalf)
            (x, y) = (float.NaN, float.NaN);
        LabelState state = states?.Read(0, rows.Field(columns.State), hasTwo, ref x, ref y) ?? LabelState.Labelled;
        float[] points = new float[2 * (place + 1)];
        Array.Fill(points, float.NaN);
        if (place >= 0)
            (points[2 * place], points[(2 * place) + 1]) = (x, y);
        LabelState[]? all = states is null ? null : new LabelState[place + 1];
        if (all is not null && place >= 0)
            all[place] = state;
        part = part with
        {
            Points = points,
            States = all,
            Box = box,
            Group = TableCells.Text(rows, columns.Group),
            Id = TableCells.Text(rows, columns.Instance),
            Origin = TableCells.Text(rows, columns.Origin),
            Checksum = TableCells.Text(rows, columns.Checksum),
            HalfLabel = isHalf ? place : -1,
        };
        return null;
    }

    /// <summary>A bad row is an instance of its own: it costs one point, and messages name the row.</summary>
    private void AddBad(string path, string? file, CsvTable rows, RowFault fault) =>
        _spool.Add(_spool.Add(new LabelledPicture(path, []) { File = file }), new LabelledInstance(rows.Row, []) { Fault = fault });

    private int PlaceOf(string keypoint)
    {
        if (_places.TryGetValue(keypoint, out int place))
            return place;
        if (_keypoints.Count == DatasetLimits.Keypoints)
            throw new RejectedFileException($"{fileName} names more than {DatasetLimits.Keypoints:N0} keypoints. One name for each keypoint is expected.");
        _keypoints.Add(keypoint);
        return _places[keypoint] = _keypoints.Count - 1;
    }
}
