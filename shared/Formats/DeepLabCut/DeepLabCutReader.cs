using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.DeepLabCut;

/// <summary>Reads the tables of a project one after the other.</summary>
internal sealed class DeepLabCutReader : LabelReader
{
    /// <summary>DeepLabCut's name for points of the scene.</summary>
    private const string Scene = "single";

    private readonly IReadOnlyList<DeepLabCutTable> _tables;
    private readonly IReadOnlyList<string> _predictions;
    private readonly string[] _keypoints;
    private readonly Dictionary<string, int> _indices;
    private readonly bool _hasSeveralVideos;
    private readonly bool _leavesSceneOut;
    private readonly SortedSet<string> _guesses = new(StringComparer.Ordinal);
    private long _repeated;

    /// <summary>Creates the reader of opened tables.</summary>
    /// <param name="tables">The tables with labels, at least one.</param>
    /// <param name="predictions">Paths of tables that are left out because they hold predictions.</param>
    public DeepLabCutReader(IReadOnlyList<DeepLabCutTable> tables, IReadOnlyList<string> predictions)
    {
        _tables = tables;
        _predictions = predictions;
        DeepLabCutPoint[] points = [.. tables.SelectMany(table => table.Header.Points)];
        _leavesSceneOut = Array.Exists(points, IsScene) && !Array.TrueForAll(points, IsScene);
        _keypoints = [.. points.Where(IsUsed).Select(point => point.Bodypart).Distinct(StringComparer.Ordinal)];
        _indices = _keypoints.Select((name, k) => (name, k)).ToDictionary(entry => entry.name, entry => entry.k, StringComparer.Ordinal);
        _hasSeveralVideos = tables.SelectMany(table => table.Videos).Distinct(StringComparer.Ordinal).Skip(1).Any();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Keypoints => _keypoints;

    /// <inheritdoc/>
    public override string FileName => ShownText.List([.. _tables.Select(table => FileNames.OwnName(table.File.Path))], most: 2);

    /// <inheritdoc/>
    public override bool HasOpenConventions => true;

    /// <inheritdoc/>
    public override IEnumerable<string> Guesses => _guesses;

    /// <inheritdoc/>
    public override IEnumerable<string> Warnings
    {
        get
        {
            if (_predictions.Count > 0)
                yield return $"Left out, because a network predicted them (column likelihood): {ShownText.List(_predictions)}.";
            if (_leavesSceneOut)
                yield return $"Points of the scene (individual {Scene}) are left out: {ShownText.List(SceneNames())}.";
            string[] scorers = [.. _tables.SelectMany(table => table.Header.OtherScorers).Distinct(StringComparer.Ordinal)];
            if (scorers.Length > 0)
                yield return $"Several people labelled the same body parts. The columns of {ShownText.List(scorers)} are left out.";
            if (_repeated > 0)
                yield return $"{_repeated:N0} rows name a picture that an earlier row or table labels. The earlier labels are used.";
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<LabelledPicture> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _repeated = 0;
        var seen = new HashSet<ulong>();
        foreach (DeepLabCutTable table in _tables)
        {
            Individual[] individuals =
                [.. table.Header.Points.Where(IsUsed).GroupBy(point => point.Individual).Select(group => Individual.Of(group, _indices))];
            await using LabelTable rows = await table.OpenRowsAsync(cancellationToken);
            while (await rows.Rows.ReadAsync(cancellationToken))
            {
                LabelledPicture picture = Read(table, individuals, rows.Rows);
                bool isNew = rows.Rows.Fault is not null || seen.Add(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(picture.Path.AsSpan())));
                _repeated += isNew ? 0 : 1;
                if (isNew)
                    yield return picture;
            }

            _guesses.UnionWith(rows.Rows.Guesses);
        }
    }

    private LabelledPicture Read(DeepLabCutTable table, Individual[] individuals, CsvTable row)
    {
        long number = row.Row - table.Header.Rows;
        if (row.Fault is { } fault)
            return new LabelledPicture(string.Empty, [new LabelledInstance(number, []) { Fault = row.WithCause(fault) }]) { File = table.File.Path };
        string path = DeepLabCutTable.PathOf(row, table.Header);
        string? group = _hasSeveralVideos ? DeepLabCutTable.VideoOf(table.File, path) : null;
        var instances = new List<LabelledInstance>();
        foreach (Individual individual in individuals)
        {
            LabelledInstance instance = individual.Read(row, number, _keypoints.Length);
            if (instance.Fault is not null || instance.HalfLabel >= 0 || Array.Exists(instance.Points, float.IsFinite))
                instances.Add(instance with { Group = group, Id = individual.Name });
        }

        return new LabelledPicture(table.Locate(path), instances) { File = table.File.Path };
    }

    private bool IsUsed(DeepLabCutPoint point) => !(_leavesSceneOut && IsScene(point));

    private static bool IsScene(DeepLabCutPoint point) => point.Individual == Scene;

    private string[] SceneNames() =>
        [.. _tables.SelectMany(table => table.Header.Points).Where(IsScene).Select(point => point.Bodypart).Distinct(StringComparer.Ordinal)];

    /// <summary>The columns of one individual.</summary>
    /// <param name="Name">Its name, or null in tables of one individual.</param>
    /// <param name="Points">Its points, with the index of each point's keypoint.</param>
    private sealed record Individual(string? Name, (DeepLabCutPoint Point, int Keypoint)[] Points)
    {
        public static Individual Of(IGrouping<string?, DeepLabCutPoint> points, Dictionary<string, int> indices) =>
            new(points.Key, [.. points.Select(point => (point, indices[point.Bodypart]))]);

        public LabelledInstance Read(CsvTable row, long number, int keypoints)
        {
            var instance = new LabelledInstance(number, new float[2 * keypoints]);
            Array.Fill(instance.Points, float.NaN);
            bool hasStates = Array.Exists(Points, entry => entry.Point.Visible >= 0);
            LabelState[]? states = hasStates ? new LabelState[keypoints] : null;
            int half = -1;
            foreach ((DeepLabCutPoint point, int keypoint) in Points)
            {
                if (row.ParseCoordinate(point.X, out float x) is { } wrongX)
                    return instance with { Fault = wrongX with { Column = $"{point.Describe()}, x" } };
                if (row.ParseCoordinate(point.Y, out float y) is { } wrongY)
                    return instance with { Fault = wrongY with { Column = $"{point.Describe()}, y" } };
                if (float.IsNaN(x) != float.IsNaN(y))
                    half = half < 0 ? keypoint : half;
                bool isPlaced = !float.IsNaN(x) && !float.IsNaN(y);
                if (ParseState(row, point, isPlaced, out LabelState state) is { } problem)
                    return instance with { Fault = problem };
                if (states is not null)
                    states[keypoint] = state;
                if (state == LabelState.Missing)
                    continue;
                instance.Points[2 * keypoint] = x;
                instance.Points[(2 * keypoint) + 1] = y;
            }

            return instance with { States = states, HalfLabel = half };
        }

        private static RowFault? ParseState(CsvTable row, DeepLabCutPoint point, bool isPlaced, out LabelState state)
        {
            state = isPlaced ? LabelState.Labelled : LabelState.Missing;
            if (point.Visible < 0)
                return null;
            ReadOnlySpan<byte> text = row.Text(point.Visible).Trim(" \t"u8);
            if (text.IsEmpty || text.SequenceEqual("nan"u8) || text.SequenceEqual("NaN"u8))
                return null;
            if (row.ParseCoordinate(point.Visible, out float number) is not null || number is not (0 or 1 or 2))
            {
                return new RowFault(RowProblemKind.Label, $"{point.Describe()}, visible",
                    $"{ShownText.Quote(text)} is not a visibility: 2 (visible), 1 (hidden) or 0 (not labelled) is expected");
            }

            if (isPlaced)
                state = number switch { 2 => LabelState.Visible, 1 => LabelState.Occluded, _ => LabelState.Missing };
            return null;
        }
    }
}
