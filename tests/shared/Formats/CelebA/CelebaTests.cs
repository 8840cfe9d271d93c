using KeypointPipeline.Formats.CelebA;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Shared.Tests.Formats.Compliance;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.CelebA;

public sealed class CelebaTests
{
    private const string Names = "lefteye_x lefteye_y righteye_x righteye_y nose_x nose_y leftmouth_x leftmouth_y rightmouth_x rightmouth_y";
    private const string First = "69  109  106  113   77  142   73  152  108  154";

    private static readonly string Columns = $"image_id,{Names.Replace(' ', ',')}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The first row of the published file, with runs of blanks, blanks at the line's end and CRLF.</summary>
    [Theory]
    [InlineData("\n")]
    [InlineData(" \r\n")]
    public async Task The_text_file_is_read_with_the_subjects_sides(string end)
    {
        await using SampleSet set = await SetAsync(("Anno/list_landmarks_align_celeba.txt", $"202599{end}{Names}{end}000001.jpg {First}{end}"));
        ReadLabels labels = await ReadLabels.FromAsync(set);

        Assert.Equal(["right_eye", "left_eye", "nose", "right_mouth", "left_mouth"], labels.Keypoints);
        LabelledPicture picture = Assert.Single(labels.Pictures);
        Assert.Equal(("000001.jpg", "000001.png"), (picture.Path, picture.OtherPath));
        Assert.Equal([69f, 109f, 106f, 113f, 77f, 142f, 73f, 152f, 108f, 154f], picture.Instances[0].Points);
    }

    [Fact]
    public async Task A_file_with_the_subjects_sides_is_read_with_a_warning()
    {
        await using SampleSet set = await SetAsync(("labels.csv", $"{Columns}\na.jpg,106,113,69,109,77,142,108,154,73,152\n"));
        await using LabelReader reader = await new CelebaFormat().OpenAsync(set.Files, set.Recognised[0].Files, Cancel);

        int pictures = await reader.ReadAsync(Cancel).CountAsync(Cancel);

        Assert.Equal(1, pictures);
        Assert.StartsWith("In 1 of 1 rows lefteye lies right of righteye.", Assert.Single(reader.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("img_align_celeba/000001.jpg", "list_landmarks_align_celeba.csv")]
    [InlineData("img_celeba/000001.jpg", "list_landmarks_celeba.csv")]
    public async Task Of_both_lists_the_one_of_the_pictures_that_are_there_counts(string picture, string used)
    {
        string row = $"\n000001.jpg,{string.Join(',', First.Split(' ', StringSplitOptions.RemoveEmptyEntries))}\n";
        await using SampleSet set = await SampleSet.OpenAsync(
            [("list_landmarks_align_celeba.csv", Packing.Utf8(Columns + row)), ("list_landmarks_celeba.csv", Packing.Utf8(Columns + row))], [picture], Cancel);

        await using LabelReader reader = await new CelebaFormat().OpenAsync(set.Files, set.Recognised[0].Files, Cancel);

        Assert.Equal(used, reader.FileName);
        Assert.Contains("is left out", Assert.Single(reader.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_persons_of_the_pictures_are_their_groups()
    {
        string row = string.Join(',', First.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        await using SampleSet set = await SetAsync(
            ("list_landmarks_align_celeba.csv", $"{Columns}\n000001.jpg,{row}\n000002.jpg,{row}\n000003.jpg,{row}\n"),
            ("identity_CelebA.txt", "000001.jpg 2880\n000002.jpg 2880\nno person\n"));

        ReadLabels labels = await ReadLabels.FromAsync(set);

        Assert.Equal(["2880", "2880", null], labels.Pictures.Select(picture => picture.Instances[0].Group));
    }

    private static Task<SampleSet> SetAsync(params (string Path, string Text)[] files) =>
        SampleSet.OpenAsync([.. files.Select(file => (file.Path, Packing.Utf8(file.Text)))], [], Cancel);
}
