using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Stored;
using KeypointPipeline.Datasets.Writing;
using KeypointPipeline.Storage;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Support;

/// <summary>Puts a prepared dataset into storage.</summary>
internal static class StoredForTest
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>As this version does.</summary>
    /// <param name="storage">The account.</param>
    /// <param name="dataset">The dataset, in a folder.</param>
    /// <param name="pieceBytes">The largest piece.</param>
    public static async Task InPiecesAsync(PipelineStorage storage, PreparedDataset dataset, int pieceBytes = DatasetPiece.LargestBytes)
    {
        await using PreparedUpload upload = await WriteAsync(new PreparedDatasetStore(storage) { PieceBytes = pieceBytes }, dataset);
        await upload.PublishAsync(Cancel);
    }

    /// <summary>Writes a dataset without publishing it.</summary>
    public static async Task<PreparedUpload> WriteAsync(PreparedDatasetStore store, PreparedDataset dataset)
    {
        PreparedUpload upload = store.StartUpload();
        await using PreparedDatasetWriter writer = upload.Start(dataset.Manifest.Schema.Count, ofPictures: false);
        for (int row = 0; row < dataset.Rows; row++)
        {
            await writer.AddAsync(
                dataset.Image(row).ToArray(), dataset.Keypoints(row).ToArray(), dataset.SourceRow(row), dataset.SplitKey(row), dataset.ImageKey(row), framed: null, Cancel);
        }

        await writer.CompleteAsync(dataset.Manifest, Cancel);
        return upload;
    }

    /// <summary>As earlier versions did: one blob for each file.</summary>
    public static async Task AsEarlierAsync(PipelineStorage storage, PreparedDataset dataset, string folder)
    {
        string id = dataset.Manifest.DatasetId;
        foreach (string file in PreparedDatasetFiles.Data)
            await storage.Blob(BlobLayout.Prepared, $"{id}/{file}").UploadAsync(Path.Combine(folder, file), overwrite: true, Cancel);
        await storage.WriteAsync(BlobLayout.Prepared, $"{id}/{PreparedDatasetFiles.Manifest}", dataset.Manifest, Cancel);
    }
}
