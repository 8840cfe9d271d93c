using System.Runtime.InteropServices;
using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Kaggle;

/// <summary>What <c>IdLookupTable.csv</c> asks for: one coordinate a row, in columns <c>RowId</c>, <c>ImageId</c> and
/// <c>FeatureName</c> (such as <c>nose_tip_x</c>). Any others, such as the empty <c>Location</c>, mean nothing.</summary>
internal sealed class KaggleLookup
{
    private readonly Dictionary<long, List<int>> _rowsOfImage = [];

    private KaggleLookup(string file) => File = file;

    /// <summary>The file's name, for messages.</summary>
    public string File { get; }

    /// <summary>The rows, in the file's order.</summary>
    public List<KaggleLookupRow> Rows { get; } = [];

    /// <summary>Ids of the images of which anything is asked.</summary>
    public IReadOnlyCollection<long> Images => _rowsOfImage.Keys;

    /// <summary>Indices into <see cref="Rows"/> of what is asked of an image; empty where nothing is.</summary>
    public ReadOnlySpan<int> RowsOf(long imageId) =>
        _rowsOfImage.TryGetValue(imageId, out List<int>? rows) ? CollectionsMarshal.AsSpan(rows) : [];

    /// <summary>Reads the table.</summary>
    /// <param name="source">The file.</param>
    /// <param name="schema">The model's keypoints.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="RejectedFileException">It cannot be used, or asks what the model does not know, or a thing twice.</exception>
    public static async Task<KaggleLookup> ReadAsync(DatasetSource source, KeypointSchema schema, CancellationToken cancellationToken)
    {
        await using KaggleTable table = await KaggleTable.OpenAsync(source, cancellationToken);
        int rowId = table.Column("RowId");
        int imageId = table.Column("ImageId");
        int feature = table.Column("FeatureName");
        var features = new FeatureNames(schema);
        var lookup = new KaggleLookup(table.File);
        var ids = new HashSet<long>();
        var asked = new HashSet<(long Image, int Coordinate)>();
        while (await table.ReadAsync(cancellationToken))
        {
            var row = new KaggleLookupRow(table.Number(rowId), table.Number(imageId), features.Coordinate(table, feature));
            if (!ids.Add(row.RowId))
                throw table.Refused("RowId", $"{row.RowId} stands in an earlier row, too: each row needs an id of its own. Use Kaggle's file as downloaded");
            if (!asked.Add((row.ImageId, row.Coordinate)))
                throw table.Refused("FeatureName", $"{ShownText.Quote(table.Text(feature))} of image {row.ImageId} is asked in an earlier row, too. Leave one out");
            lookup.Add(row);
        }

        return lookup.Rows.Count > 0 ? lookup : throw new RejectedFileException($"{table.File} has a header, but no rows: nothing is asked.");
    }

    private void Add(KaggleLookupRow row)
    {
        if (!_rowsOfImage.TryGetValue(row.ImageId, out List<int>? rows))
            _rowsOfImage.Add(row.ImageId, rows = []);
        rows.Add(Rows.Count);
        Rows.Add(row);
    }

    /// <summary>The names that the model has an answer to.</summary>
    private sealed class FeatureNames
    {
        private readonly Dictionary<string, int> _coordinates = new(StringComparer.Ordinal);
        private readonly KeypointSchema _schema;

        public FeatureNames(KeypointSchema schema)
        {
            _schema = schema;
            for (int k = 0; k < schema.Count; k++)
            {
                _coordinates[schema.Names[k] + "_x"] = 2 * k;
                _coordinates[schema.Names[k] + "_y"] = (2 * k) + 1;
            }
        }

        public int Coordinate(KaggleTable table, int column) =>
            _coordinates.TryGetValue(Encoding.UTF8.GetString(table.Text(column)), out int coordinate)
                ? coordinate
                : throw table.Refused(
                    "FeatureName",
                    $"{ShownText.Quote(table.Text(column))} is not known to the model; expected _x or _y of {ShownText.List([.. _schema.Names])}. "
                    + "Use a model trained on the competition's training.zip");
    }
}

/// <summary>One coordinate that is asked for.</summary>
/// <param name="RowId">What the submission calls it.</param>
/// <param name="ImageId">Of which image.</param>
/// <param name="Coordinate">Which of the model's K·2 coordinates.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KaggleLookupRow(long RowId, long ImageId, int Coordinate);
