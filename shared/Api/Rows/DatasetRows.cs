using System.Runtime.InteropServices;
using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Stored;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Api.Rows;

/// <summary>Reads single rows of prepared datasets for people, without a copy of the dataset.</summary>
/// <param name="storage">The account.</param>
/// <param name="prepared">The datasets.</param>
/// <param name="decoder">Enlarges frames.</param>
public sealed class DatasetRows(PipelineStorage storage, PreparedDatasetStore prepared, ImageDecoder decoder)
{
    private const int ReadsAtOnce = 16;
    private const int Quality = 90;

    /// <summary>Finds a dataset.</summary>
    /// <exception cref="ApiProblemException">404: there is no such dataset.</exception>
    internal async Task<DatasetManifest> RequireAsync(string datasetId, CancellationToken cancellationToken) =>
        (BlobName.FindProblem(datasetId) is null && !datasetId.Contains('/', StringComparison.Ordinal) ? await prepared.FindAsync(datasetId, cancellationToken) : null)
        ?? throw new ApiProblemException(404, "No such dataset", $"There is no prepared dataset '{datasetId}'. GET {ApiRoute.Prefix}datasets lists them.");

    /// <summary>Reads the labels of rows.</summary>
    internal async Task<IReadOnlyList<LabelledRow>> ReadAsync(DatasetManifest manifest, IReadOnlyList<int> rows, CancellationToken cancellationToken)
    {
        var read = new LabelledRow[rows.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken };
        try
        {
            await Parallel.ForAsync(0, read.Length, options, async (int i, CancellationToken token) => read[i] = await ReadAsync(manifest, rows[i], token));
        }
        catch (FileNotFoundException)
        {
            throw Gone(manifest);
        }

        return read;
    }

    /// <summary>Reads the frame of a row.</summary>
    /// <param name="manifest">The dataset.</param>
    /// <param name="row">The row.</param>
    /// <param name="size">Length of the picture's longer side in pixels.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>A JPEG.</returns>
    internal async Task<byte[]> ReadFrameAsync(DatasetManifest manifest, int row, int size, CancellationToken cancellationToken)
    {
        try
        {
            byte[] pixels = await RowReading.ReadAsync(storage, manifest, PreparedDatasetFiles.Images, row, count: 1, cancellationToken);
            byte[] png = GreyImage.ToPng(pixels, new FrameSize(manifest.Schema.FrameWidth, manifest.Schema.FrameHeight));
            using Picture picture = decoder.DecodePicture(png, size, size);
            return picture.ToJpeg(Quality);
        }
        catch (FileNotFoundException)
        {
            throw Gone(manifest);
        }
    }

    private async Task<LabelledRow> ReadAsync(DatasetManifest manifest, int row, CancellationToken cancellationToken)
    {
        byte[] labels = await RowReading.ReadAsync(storage, manifest, PreparedDatasetFiles.Keypoints, row, count: 1, cancellationToken);
        byte[] source = await RowReading.ReadAsync(storage, manifest, PreparedDatasetFiles.Rows, row, count: 1, cancellationToken);
        byte[]? states = manifest.Framing is null
            ? null
            : await RowReading.ReadAsync(storage, manifest, PreparedDatasetFiles.States, row, count: 1, cancellationToken);
        return new LabelledRow(
            row, MemoryMarshal.Read<uint>(source), Points(MemoryMarshal.Cast<byte, float>(labels)), states is null ? null : [.. states.Select(state => (LabelState)state)]);
    }

    private static List<IReadOnlyList<float>?> Points(ReadOnlySpan<float> coordinates)
    {
        var points = new List<IReadOnlyList<float>?>(coordinates.Length / 2);
        for (int i = 0; i < coordinates.Length; i += 2)
            points.Add(float.IsNaN(coordinates[i]) || float.IsNaN(coordinates[i + 1]) ? null : [coordinates[i], coordinates[i + 1]]);
        return points;
    }

    private static ApiProblemException Gone(DatasetManifest manifest) => new(
        404, "Dataset erased", $"The rows of dataset '{manifest.DatasetId}' are gone from storage. GET {ApiRoute.Prefix}datasets lists what is in force.");
}
