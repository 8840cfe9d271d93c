using KeypointPipeline.Files;
using KeypointPipeline.Formats.Npz;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Npz;

public sealed class NpyImagesTests
{
    private const int Height = 9;
    private const int Width = 8;
    private const int Images = 5;
    private static readonly byte[][] Expected = NumPyFiles.Draw(Images, Height * Width);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("9, 8, 5", false, 1)]
    [InlineData("9, 8, 5", true, 2)]
    [InlineData("5, 9, 8", false, 3)]
    [InlineData("5, 9, 8", true, 1)]
    [InlineData("9, 8, 1, 5", false, 1)]
    [InlineData("5, 9, 8, 1", true, 1)]
    [InlineData("9L, 8L, 5L", false, 1)]
    public async Task Every_order_of_axes_and_elements_gives_the_same_images(string shape, bool fortran, int version)
    {
        bool imagesLast = shape.StartsWith('9');
        byte[] elements = Elements(imagesLast, fortran);

        NpyImages images = await ReadAsync(NumPyFiles.Array(elements, shape, fortran, version: version), Images);

        Assert.Equal(new FrameSize(Width, Height), images.Frame);
        Assert.All(Enumerable.Range(0, Images), i => Assert.Equal(Expected[i], images.Image(i).ToArray()));
        Assert.Null(images.Axes.Guess);
    }

    [Fact]
    public async Task A_large_array_is_put_together_from_many_reads()
    {
        byte[][] expected = NumPyFiles.Draw(images: 1_001, pixels: 64 * 64);

        NpyImages images = await ReadAsync(NumPyFiles.Array(NumPyFiles.ImagesLast(expected), "64, 64, 1001"), 1_001);

        Assert.Equal(expected[0], images.Image(0).ToArray());
        Assert.Equal(expected[777], images.Image(777).ToArray());
        Assert.Equal(expected[1_000], images.Image(1_000).ToArray());
    }

    [Fact]
    public async Task If_both_outer_axes_may_count_the_images_the_published_order_is_taken_and_said()
    {
        byte[][] expected = NumPyFiles.Draw(images: 9, pixels: 9 * 8);

        NpyImages images = await ReadAsync(NumPyFiles.Array(NumPyFiles.ImagesLast(expected), "9, 8, 9"), 9);

        Assert.Equal(expected[8], images.Image(8).ToArray());
        Assert.Contains("its last axis is taken as the images", images.Axes.Guess, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9, 8, 5", "|u1", 6, "table.csv has 6 rows, but a.npy holds 5 images (its shape is 9×8×5). One row for each image is expected, in the same order.")]
    [InlineData("9, 8, 5, 3", "|u1", 5, "a.npy has the shape 9×8×5×3;")]
    [InlineData("360,", "|u1", 5, "a.npy has the shape 360;")]
    [InlineData("", "|u1", 5, "a.npy has the shape a single number;")]
    [InlineData("4, 4, 5", "|u1", 5, "images of 8 to 1,024 pixels a side are expected")]
    [InlineData("9, 8, 5", "<f4", 5, "a.npy holds elements of type <f4; uint8 is read.")]
    [InlineData("9, 8, 5", "|O", 5, "a.npy holds Python objects (pickled).")]
    [InlineData("1024, 1024, 1000000", "|u1", 1_000_000, "at most 536,870,912 are read")]
    [InlineData("9, 8, 99999999999", "|u1", 5, "a.npy has a shape that is not read")]
    public async Task What_is_no_image_for_each_row_is_refused_with_the_reason(string shape, string type, long rows, string reason)
    {
        byte[] file = NumPyFiles.Array(Elements(imagesLast: true, fortran: false), shape, type: type);

        var refusal = await Assert.ThrowsAsync<RejectedFileException>(() => ReadAsync(file, rows));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_shorter_or_longer_than_its_header_says_is_refused()
    {
        byte[] file = NumPyFiles.Array(Elements(imagesLast: true, fortran: false), "9, 8, 5");

        var cut = await Assert.ThrowsAsync<RejectedFileException>(() => ReadAsync(file[..^1], Images));
        var longer = await Assert.ThrowsAsync<RejectedFileException>(() => ReadAsync([.. file, 0], Images));
        var inHeader = await Assert.ThrowsAsync<RejectedFileException>(() => ReadAsync(file[..40], Images));

        Assert.Contains("a.npy is cut short: its header says 5 images of 8×9, 360 bytes", cut.Message, StringComparison.Ordinal);
        Assert.Contains("a.npy is longer than the shape in its header says", longer.Message, StringComparison.Ordinal);
        Assert.Contains("a.npy is cut short: it ends within its header", inHeader.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{'descr': [('r', '|u1'), ('g', '|u1')], 'fortran_order': False, 'shape': (9, 8, 5), }", "elements of type a record")]
    [InlineData("{'shape': (9, 8, 5)}", "an unreadable header")]
    [InlineData("import os", "an unreadable header: import os")]
    public async Task A_header_that_is_none_is_refused(string header, string reason)
    {
        var refusal = await Assert.ThrowsAsync<RejectedFileException>(() => ReadAsync(NumPyFiles.WithHeader(header, []), Images));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_files_and_versions_are_named()
    {
        byte[] file = NumPyFiles.Array([], "0,");
        file[6] = 9;

        var zip = await Assert.ThrowsAsync<RejectedFileException>(() => ReadAsync([.. "PK"u8, 3, 4, 0, 0, 0, 0, 0, 0], Images));
        var version = await Assert.ThrowsAsync<RejectedFileException>(() => ReadAsync(file, Images));

        Assert.Equal("a.npy is not a NumPy array: it is a zip.", zip.Message);
        Assert.Contains("version 9.0; 1.0, 2.0 and 3.0 are read", version.Message, StringComparison.Ordinal);
    }

    /// <summary>The elements in the order in which NumPy stores them.</summary>
    private static byte[] Elements(bool imagesLast, bool fortran)
    {
        int[] lengths = imagesLast ? [Height, Width, Images] : [Images, Height, Width];
        var elements = new List<byte>();
        int total = Height * Width * Images;
        for (int i = 0; i < total; i++)
        {
            int[] at = new int[3];
            int rest = i;
            foreach (int axis in fortran ? (int[])[0, 1, 2] : [2, 1, 0])
            {
                at[axis] = rest % lengths[axis];
                rest /= lengths[axis];
            }

            (int image, int y, int x) = imagesLast ? (at[2], at[0], at[1]) : (at[0], at[1], at[2]);
            elements.Add(Expected[image][(y * Width) + x]);
        }

        return [.. elements];
    }

    private static async Task<NpyImages> ReadAsync(byte[] file, long rows)
    {
        using var stream = new ForwardStream(file);
        NpyHeader header = await NpyHeader.ReadAsync("a.npy", stream, Cancel);
        return await NpyImages.ReadAsync("a.npy", stream, ImageAxes.Find("a.npy", header, "table.csv", rows), Cancel);
    }
}
