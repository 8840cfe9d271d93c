using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Formats.Imglab;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Shared.Tests.Formats.Compliance;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Imglab;

public sealed class ImglabReaderTests
{
    private const string Parts = "<part name='00' x='3' y='4'/><part name='01' x='5' y='6'/>";

    [Fact]
    public async Task Boxes_are_columns_and_rows_of_pixels_and_parts_are_pixel_centres()
    {
        ReadImglab read = await ReadAsync($"<image file='a.png' width='40' height='30'><box top='0' left='0' width='40' height='30'>{Parts}</box></image>");

        LabelledInstance face = Assert.Single(read.Instances);
        Assert.Equal([3, 4, 5, 6], face.Points);
        Assert.Equal(new PictureBox(0, 0, 40, 30), face.Box);
        Assert.Null(face.States);
        Assert.Equal((40, 30), read.Pictures[0].StatedSize);
    }

    [Fact]
    public async Task Numbered_parts_are_in_the_order_of_their_numbers_and_missing_parts_are_missing()
    {
        ReadImglab read = await ReadAsync(
            "<image file='a.png'><box top='1' left='1' width='9' height='9'><part name='10' x='1' y='1'/><part name='2' x='2' y='2'/></box>"
            + "<box top='1' left='1' width='9' height='9'><label>face</label><part name='0' x='7' y='8'/></box></image>");

        Assert.Equal(["0", "2", "10"], read.Keypoints);
        Assert.Equal([float.NaN, float.NaN, 2, 2, 1, 1], read.Instances[0].Points);
        Assert.Equal([7, 8, float.NaN, float.NaN, float.NaN, float.NaN], read.Instances[1].Points);
    }

    [Theory]
    [InlineData("10 00 01", "0 1 10")]
    [InlineData("00 nose", "00 nose")]
    [InlineData("1 01 00", "00 01 1")]
    public async Task Numbered_parts_lose_leading_zeros_if_all_are_numbered_and_stay_different(string parts, string keypoints)
    {
        string box = string.Concat(parts.Split(' ').Select(name => $"<part name='{name}' x='1' y='2'/>"));

        ReadImglab read = await ReadAsync($"<image file='a.png'><box top='1' left='1' width='9' height='9'>{box}</box></image>");

        Assert.Equal(keypoints.Split(' '), read.Keypoints);
    }

    [Fact]
    public async Task Ignored_boxes_are_left_out_and_boxes_without_parts_are_unlabelled()
    {
        ReadImglab read = await ReadAsync(
            $"<image file='a.png'><box top='1' left='1' width='9' height='9' ignore='1'>{Parts}</box><box top='1' left='1' width='9' height='9'/>"
            + $"<box top='1' left='1' width='9' height='9' angle='0.5'>{Parts}</box></image>");

        Assert.Equal([2, 3], read.Instances.Select(box => box.Row));
        Assert.All(read.Instances[0].Points, value => Assert.Equal(float.NaN, value));
        Assert.Equal(28.6479, read.Instances[1].Box!.Angle, 0.001);
        Assert.Equal(["1 boxes with ignore='1' were left out."], read.Guesses);
    }

    [Fact]
    public async Task A_picture_that_comes_again_gets_all_its_boxes()
    {
        string image = $"<image file='a.png'><box top='1' left='1' width='9' height='9'>{Parts}</box></image>";

        ReadImglab read = await ReadAsync(image + image.Replace("a.png", "b.png", StringComparison.Ordinal) + image);

        Assert.Equal(["a.png", "b.png"], read.Pictures.Select(picture => picture.Path));
        Assert.Equal([1, 3], read.Pictures[0].Instances.Select(box => box.Row));
    }

    /// <summary>dlib writes ISO-8859-1 into the declaration and the bytes of the name as the system has them.</summary>
    [Fact]
    public async Task A_name_in_UTF_8_under_another_declaration_is_also_looked_for()
    {
        ReadImglab read = await ReadAsync($"<image file='Bjørn.png'><box top='1' left='1' width='9' height='9'>{Parts}</box></image>");

        Assert.Equal("Bjørn.png", read.Pictures[0].OtherPath);
    }

    [Theory]
    [InlineData("<box top='1' left='1' width='0' height='9'>" + Parts + "</box>", RowProblemKind.Box, "has no left, top, width and height, or is empty.")]
    [InlineData("<box top='1' width='9' height='9'>" + Parts + "</box>", RowProblemKind.Box, "has no left, top, width and height, or is empty.")]
    [InlineData("<box top='1' left='1' width='9' height='9'><part name='00' x='a' y='4'/></box>", RowProblemKind.NotANumber, "has no x and y that are numbers.")]
    [InlineData("<box top='1' left='1' width='9' height='9'>" + Parts + Parts + "</box>", RowProblemKind.Label, "is there twice. Keep one of them.")]
    public async Task A_box_that_cannot_be_used_is_a_bad_row_and_the_rest_is_read(string box, RowProblemKind kind, string text)
    {
        ReadImglab read = await ReadAsync($"<image file='a.png'>{box}<box top='1' left='1' width='9' height='9'>{Parts}</box></image>");

        Assert.Equal((kind, text), (read.Instances[0].Fault!.Kind, read.Instances[0].Fault!.Text));
        Assert.Null(read.Instances[1].Fault);
    }

    [Theory]
    [InlineData("<image file='a.png'><box top='1' left='1' width='9' height='9'/></image>", "has no box with parts")]
    [InlineData("<image file='a.png'><box top='1'", "is not valid XML at line 2")]
    public async Task A_file_that_cannot_be_used_is_rejected_with_the_reason(string images, string reason)
    {
        var e = await Assert.ThrowsAsync<RejectedFileException>(() => ReadAsync(images));

        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    private static async Task<ReadImglab> ReadAsync(string images)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        string xml = $"<?xml version='1.0' encoding='ISO-8859-1'?>\n<dataset><images>{images}</images></dataset>";
        await using SampleSet set = await SampleSet.OpenAsync([("faces.xml", Encoding.UTF8.GetBytes(xml))], [], cancel);
        await using LabelReader reader = await new ImglabFormat().OpenAsync(set.Files, set.Files.Files, cancel);
        List<LabelledPicture> pictures = await reader.ReadAsync(cancel).ToListAsync(cancel);
        return new ReadImglab(reader.Keypoints, pictures, [.. reader.Guesses]);
    }

    private sealed record ReadImglab(IReadOnlyList<string> Keypoints, IReadOnlyList<LabelledPicture> Pictures, IReadOnlyList<string> Guesses)
    {
        public IReadOnlyList<LabelledInstance> Instances => [.. Pictures.SelectMany(picture => picture.Instances)];
    }
}
