using System.Runtime.InteropServices;
using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Kaggle;

/// <summary>The content of <c>IdLookupTable.csv</c>. Each row requests one coordinate in columns <c>RowId</c>, <c>ImageId</c> and
/// <c>FeatureName</c> (for example <c>nose_tip_x</c>). Other columns, such as the empty <c>Location</c>, are ignored.</summary>
internal sealed class KaggleLookup
{
    private readonly Dictionary<long, List<int>> _rowsOfImage = [];

    private KaggleLookup(string file) => File = file;

    /// <summary>The file's name, for messages.</summary>
    public string File { get; }

    /// <summary>The rows, in the file's order.</summary>
    public List<KaggleLookupRow> Rows { get; } = [];

    /// <summary>Ids of the images for which at least one coordinate is requested.</summary>
    public IReadOnlyCollection<long> Images => _rowsOfImage.Keys;

    /// <summary>Gets the indices into <see cref="Rows"/> of an image's rows; empty if the table has none.</summary>
    public ReadOnlySpan<int> RowsOf(long imageId) =>
        _rowsOfImage.TryGetValue(imageId, out List<int>? rows) ? CollectionsMarshal.AsSpan(rows) : [];

    /// <summary>Reads the table.</summary>
    /// <param name="source">The file.</param>
    /// <param name="schema">The model's keypoints.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="RejectedFileException">The file cannot be used, requests a coordinate that the model does not predict, or requests
    /// a coordinate twice.</exception>
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
                throw table.Refused("RowId", $"{row.RowId} is in an earlier row too; each row needs its own id. Use Kaggle's file as downloaded");
            if (!asked.Add((row.ImageId, row.Coordinate)))
            {
                throw table.Refused(
                    "FeatureName", $"{ShownText.Quote(table.Text(feature))} of image {row.ImageId} is in an earlier row too. Remove one of the two rows");
            }

            lookup.Add(row);
        }

        return lookup.Rows.Count > 0 ? lookup : throw new RejectedFileException($"{table.File} has a header but no rows. Use Kaggle's file as downloaded.");
    }

    private void Add(KaggleLookupRow row)
    {
        if (!_rowsOfImage.TryGetValue(row.ImageId, out List<int>? rows))
            _rowsOfImage.Add(row.ImageId, rows = []);
        rows.Add(Rows.Count);
        Rows.Add(row);
    }

    /// <summary>Names of the coordinates that the model predicts.</summary>
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
                    $"{ShownText.Quote(table.Text(column))} is not predicted by the model; expected _x or _y of {ShownText.List([.. _schema.Names])}. "
                    + "Use a model trained on the competition's training.zip");
    }
}

/// <summary>A request for one coordinate.</summary>
/// <param name="RowId">Id of the row, which the submission repeats.</param>
/// <param name="ImageId">Id of the image.</param>
/// <param name="Coordinate">Index of the coordinate among the model's K·2 coordinates.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KaggleLookupRow(long RowId, long ImageId, int Coordinate);
