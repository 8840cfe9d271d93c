using System.Runtime.CompilerServices;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.PictureTables;

/// <summary>Reads tables with one row per instance. If the rows of each picture follow each other, they are streamed; otherwise an
/// <see cref="InstanceSpool"/> puts them together.</summary>
internal sealed class PictureTableReader : LabelReader
{
    private readonly FileSet _set;
    private readonly IReadOnlyList<PictureTable> _tables;
    private readonly List<string> _keypoints = [];
    private readonly List<int[]> _places = [];
    private readonly List<string> _guesses = [];
    private readonly List<string> _warnings = [];

    private PictureTableReader(FileSet set, IReadOnlyList<PictureTable> tables, bool hasOpenConventions)
    {
        _set = set;
        _tables = tables;
        HasOpenConventions = hasOpenConventions;
        foreach (PictureTable table in tables)
        {
            _places.Add(Place(table));
            table.Columns.Guesses.ToList().ForEach(guess => Add(_guesses, guess));
            table.Columns.Warnings.ToList().ForEach(warning => Add(_warnings, warning));
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Keypoints => _keypoints;

    /// <inheritdoc/>
    public override string FileName => FileNames.OwnName(_tables[0].File.Path);

    /// <inheritdoc/>
    public override bool HasOpenConventions { get; }

    /// <inheritdoc/>
    public override IEnumerable<string> Guesses => _guesses;

    /// <inheritdoc/>
    public override IEnumerable<string> Warnings => _warnings;

    /// <summary>Opens tables. Their keypoints are put together by name.</summary>
    /// <param name="set">The set.</param>
    /// <param name="tables">The tables, at least one.</param>
    /// <param name="hasOpenConventions">Whether the format does not say how it marks missing points.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<PictureTableReader> OpenAsync(
        FileSet set, IReadOnlyList<PictureTable> tables, bool hasOpenConventions, CancellationToken cancellationToken)
    {
        var surveyed = new List<PictureTable>();
        foreach (PictureTable table in tables)
            surveyed.Add(await table.SurveyAsync(set, cancellationToken));
        return new PictureTableReader(set, surveyed, hasOpenConventions);
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<LabelledPicture> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int i = 0; i < _tables.Count; i++)
        {
            PictureTable table = _tables[i];
            IAsyncEnumerable<LabelledPicture> pictures = table.IsScattered ? ReadScatteredAsync(i, cancellationToken) : ReadInOrderAsync(i, cancellationToken);
            await foreach (LabelledPicture picture in pictures)
                yield return table.Complete?.Invoke(picture) ?? picture;
        }
    }

    private async IAsyncEnumerable<LabelledPicture> ReadInOrderAsync(int table, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LabelledPicture? open = null;
        var instances = new List<LabelledInstance>();
        await foreach (PictureRow row in ReadRowsAsync(table, cancellationToken))
        {
            if (open is not null && (row.Path != open.Path || row.Path.Length == 0))
            {
                yield return open with { Instances = [.. instances] };
                open = null;
            }

            if (open is null)
                instances.Clear();
            open ??= Describe(table, row);
            open = open with { StatedSize = open.StatedSize ?? row.Size };
            instances.Add(row.Instance);
            if (instances.Count > InstanceSpool.MostInPicture)
                throw new RejectedFileException($"{FileNames.OwnName(_tables[table].File.Path)} has more than {InstanceSpool.MostInPicture:N0} instances for {ShownText.Of(row.Path)}. Each picture needs a path of its own.");
        }

        if (open is not null)
            yield return open with { Instances = [.. instances] };
    }

    private async IAsyncEnumerable<LabelledPicture> ReadScatteredAsync(int table, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var spool = new InstanceSpool(FileNames.OwnName(_tables[table].File.Path));
        await foreach (PictureRow row in ReadRowsAsync(table, cancellationToken))
            spool.Add(spool.Add(Describe(table, row)), row.Instance);
        foreach (LabelledPicture picture in spool.Read(_keypoints))
            yield return picture;
    }

    private async IAsyncEnumerable<PictureRow> ReadRowsAsync(int table, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parser = new PictureRowParser(_tables[table], _places[table], _keypoints.Count);
        await using LabelTable open = await LabelTable.OpenAsync(_set, _tables[table].File, cancellationToken, _tables[table].Convert);
        CsvTable rows = open.Rows;
        while (await rows.ReadAsync(cancellationToken))
        {
            if (parser.Parse(rows) is { } row)
                yield return row;
        }

        foreach (string guess in rows.Guesses)
            Add(_guesses, guess);
        if (parser.FailedRows > 0)
            Add(_warnings, $"Rows without keypoints that were left out because of their status: {parser.FailedRows:N0}.");
    }

    private LabelledPicture Describe(int table, PictureRow row) =>
        new(row.Path, []) { StatedSize = row.Size, File = _tables.Count > 1 ? _tables[table].File.Path : null };

    /// <summary>Adds a table's keypoints that no earlier table has, and returns the place of each.</summary>
    private int[] Place(PictureTable table)
    {
        var earlier = new KeypointNames(_keypoints);
        var used = new HashSet<int>();
        int[] places = new int[table.Columns.Keypoints.Count];
        for (int k = 0; k < places.Length; k++)
        {
            string name = table.Columns.Keypoints[k].Name;
            places[k] = earlier.Find(name);
            if (places[k] >= 0 && used.Add(places[k]))
                continue;
            places[k] = _keypoints.Count;
            _keypoints.Add(name);
        }

        return places;
    }

    private static void Add(List<string> sentences, string sentence)
    {
        if (!sentences.Contains(sentence))
            sentences.Add(sentence);
    }
}
