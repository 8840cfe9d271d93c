using System.Runtime.InteropServices;
using KeypointPipeline.Files;

namespace KeypointPipeline.Datasets.Stored;

/// <summary>Consecutive rows of one file of a dataset in storage, as a range of a blob. The file is stored in pieces of whole rows,
/// <c>images-00000.u8</c>, <c>images-00001.u8</c> and so on. All pieces but the last have the same number of rows, so that no list of them is
/// needed. Datasets of earlier versions have one blob for each file, which is read in ranges of the same size.</summary>
/// <param name="Blob">Name of the blob below the dataset's folder.</param>
/// <param name="Offset">Where the rows start in the blob, in bytes.</param>
/// <param name="Bytes">Bytes of the rows.</param>
/// <param name="BlobBytes">Bytes of the whole blob.</param>
/// <param name="At">Where the rows start among all that were asked for, in bytes.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DatasetPiece(string Blob, long Offset, long Bytes, long BlobBytes, long At)
{
    /// <summary>The largest piece in bytes. An instance in Azure has 0.8 GB of temporary disk and 2 GB of memory.</summary>
    public const int LargestBytes = 64 << 20;

    /// <summary>Number of rows in a full piece, at least 1.</summary>
    /// <param name="bytesPerRow">Bytes of a row in the file.</param>
    /// <param name="pieceBytes">The largest piece in bytes.</param>
    public static int RowsIn(int bytesPerRow, int pieceBytes) => Math.Max(1, pieceBytes / bytesPerRow);

    /// <summary>Lists the pieces of a whole file, in order.</summary>
    public static IEnumerable<DatasetPiece> Of(DatasetManifest manifest, string file) => Of(manifest, file, first: 0, manifest.Rows);

    /// <summary>Lists the pieces of consecutive rows, in order.</summary>
    /// <param name="manifest">The dataset.</param>
    /// <param name="file">One of <see cref="PreparedDatasetFiles.Data"/>.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">Number of rows.</param>
    public static IEnumerable<DatasetPiece> Of(DatasetManifest manifest, string file, int first, int count)
    {
        long bytesPerRow = PreparedDatasetFiles.BytesPerRow(file, manifest.Schema);
        int rowsPerPiece = RowsIn((int)bytesPerRow, manifest.PieceBytes ?? LargestBytes);
        int end = first + count;
        for (int row = first; row < end;)
        {
            int number = row / rowsPerPiece;
            int pieceStart = number * rowsPerPiece;
            int pieceEnd = (int)Math.Min(manifest.Rows, (long)pieceStart + rowsPerPiece);
            int until = Math.Min(end, pieceEnd);
            (string blob, int blobStart, int blobEnd) = manifest.PieceBytes is null
                ? (file, 0, manifest.Rows)
                : (PartName.Of(file, number), pieceStart, pieceEnd);
            yield return new DatasetPiece(
                blob, (row - blobStart) * bytesPerRow, (until - row) * bytesPerRow, (blobEnd - blobStart) * bytesPerRow, (row - first) * bytesPerRow);
            row = until;
        }
    }
}
