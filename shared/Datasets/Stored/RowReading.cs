using KeypointPipeline.Storage;

namespace KeypointPipeline.Datasets.Stored;

/// <summary>Reads a few consecutive rows of a dataset in storage.</summary>
internal static class RowReading
{
    /// <summary>Reads rows of one file of the dataset.</summary>
    /// <param name="storage">The account.</param>
    /// <param name="manifest">The dataset.</param>
    /// <param name="file">One of <see cref="PreparedDatasetFiles.PictureData"/>.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="FileNotFoundException">The file is not in storage.</exception>
    /// <exception cref="InvalidDataException">The file has another size than the manifest implies.</exception>
    public static async Task<byte[]> ReadAsync(
        PipelineStorage storage, DatasetManifest manifest, string file, int first, int count, CancellationToken cancellationToken)
    {
        byte[] rows = GC.AllocateUninitializedArray<byte>(count * PreparedDatasetFiles.BytesPerRow(file, manifest.Schema));
        await using var stream = new PieceStream(storage, manifest, DatasetPiece.Of(manifest, file, first, count));
        await stream.ReadExactlyAsync(rows, cancellationToken);
        return rows;
    }
}
