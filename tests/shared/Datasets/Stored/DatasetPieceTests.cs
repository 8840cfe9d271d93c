using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Stored;
using KeypointPipeline.Keypoints;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets.Stored;

public sealed class DatasetPieceTests
{
    private const int Frame = 64;

    [Fact]
    public void Pieces_have_every_byte_of_the_rows_once_and_in_order_wherever_the_pieces_end()
    {
        for (int rows = 1; rows <= 9; rows++)
        {
            foreach (int? pieceBytes in (int?[])[null, 0, 1, Frame, (2 * Frame) + 1, 3 * Frame, (9 * Frame) - 1, 9 * Frame, int.MaxValue])
            {
                for (int first = 0; first < rows; first++)
                {
                    for (int count = 0; first + count <= rows; count++)
                        AssertCovers(Manifest(rows, pieceBytes), first, count);
                }
            }
        }
    }

    [Fact]
    public void A_piece_is_no_larger_than_it_may_be_unless_it_is_a_single_row()
    {
        Assert.Equal([("images-00000.u8", 128L), ("images-00001.u8", 128L), ("images-00002.u8", 64L)], Blobs(Manifest(5, 191)));
        Assert.Equal([("images-00000.u8", 64L), ("images-00001.u8", 64L)], Blobs(Manifest(2, 63)));
        Assert.Equal(("image-keys-00000.u64", 16L), Assert.Single(Blobs(Manifest(2, 64), PreparedDatasetFiles.ImageKeys)));
    }

    [Fact]
    public void A_dataset_of_an_earlier_version_is_read_in_ranges_of_its_one_blob()
    {
        const int Rows = 3_000_000;
        DatasetPiece[] pieces = [.. DatasetPiece.Of(Manifest(Rows, pieceBytes: null), PreparedDatasetFiles.Images)];

        Assert.Equal(3, pieces.Length);
        Assert.All(pieces, piece => Assert.Equal((PreparedDatasetFiles.Images, (long)Rows * Frame), (piece.Blob, piece.BlobBytes)));
        Assert.All(pieces, piece => Assert.InRange(piece.Bytes, 1, DatasetPiece.LargestBytes));
        Assert.Equal([0L, DatasetPiece.LargestBytes, 2L * DatasetPiece.LargestBytes], pieces.Select(piece => piece.Offset));
    }

    [Fact]
    public void The_most_rows_that_a_dataset_can_have_are_counted_right()
    {
        DatasetPiece last = DatasetPiece.Of(Manifest(int.MaxValue, 1 << 30), PreparedDatasetFiles.Images, int.MaxValue - 1, 1).Single();

        Assert.Equal(("images-00127.u8", Frame * ((1L << 24) - 2), Frame * ((1L << 24) - 1)), (last.Blob, last.Offset, last.BlobBytes));
    }

    private static void AssertCovers(DatasetManifest manifest, int first, int count)
    {
        Dictionary<string, long> starts = [];
        long start = 0;
        foreach ((string blob, long bytes) in Blobs(manifest))
        {
            starts[blob] = start;
            start += bytes;
        }

        Assert.Equal((long)manifest.Rows * Frame, start);
        long at = 0;
        foreach (DatasetPiece piece in DatasetPiece.Of(manifest, PreparedDatasetFiles.Images, first, count))
        {
            Assert.Equal((at, (first * Frame) + at), (piece.At, starts[piece.Blob] + piece.Offset));
            Assert.InRange(piece.Bytes, 1, piece.BlobBytes - piece.Offset);
            at += piece.Bytes;
        }

        Assert.Equal((long)count * Frame, at);
    }

    private static (string Blob, long Bytes)[] Blobs(DatasetManifest manifest, string file = PreparedDatasetFiles.Images) =>
        [.. DatasetPiece.Of(manifest, file).Select(piece => (piece.Blob, piece.BlobBytes)).Distinct()];

    private static DatasetManifest Manifest(int rows, int? pieceBytes) =>
        new("ds-1", new KeypointSchema(["nose"], 8, 8), rows, [rows], rows, "a.csv", null, DateTimeOffset.UnixEpoch, pieceBytes);
}
