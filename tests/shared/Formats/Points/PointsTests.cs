using KeypointPipeline.Files;
using KeypointPipeline.Formats.Points;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Points;

public sealed class PointsTests
{
    [Fact]
    public async Task The_first_pixel_is_1_and_points_are_numbered()
    {
        ReadSet read = await ReadSet.FromAsync([("a.pts", File("1 1", "4.5 3"))], "a.png");

        Assert.Equal(["0", "1"], read.Keypoints);
        Assert.Equal([0, 0, 3.5f, 2], read.PointsOf(0));
    }

    [Fact]
    public async Task The_picture_has_the_files_name()
    {
        ReadSet read = await ReadSet.FromAsync(
            [("train/a.pts", File("1 1")), ("train/b.pts", File("1 1")), ("train/c.pts", File("1 1"))], "train/a.PNG", "train/b.jpeg", "other/c.png");

        Assert.Equal(["train/a.PNG", "train/b.jpeg", "train/c.jpg"], read.Pictures.Select(picture => picture.Path));
        Assert.Equal(["train/a.pts", "train/b.pts", "train/c.pts"], read.Pictures.Select(picture => picture.File));
    }

    [Fact]
    public async Task Points_outside_a_picture_that_begins_at_1_are_missing()
    {
        ReadSet read = await ReadSet.FromAsync([("a.pts", File("nan NaN", "0 0", "-1 -1", "5 nan", "2 3"))]);

        Assert.Equal([float.NaN, float.NaN, float.NaN, float.NaN, float.NaN, float.NaN, float.NaN, float.NaN, 1, 2], read.PointsOf(0));
        Assert.Equal(3, read.Pictures[0].Instances[0].HalfLabel);
        Assert.Equal(["Points at 0,0 or -1,-1 are missing: 2 points."], read.Guesses);
    }

    [Fact]
    public async Task A_file_with_another_number_of_points_is_a_bad_row()
    {
        ReadSet read = await ReadSet.FromAsync([("a.pts", File("1 1")), ("b.pts", File("1 1", "2 2")), ("c.pts", File("1 1", "2 2"))]);

        Assert.Equal(2, read.Keypoints.Count);
        Assert.Equal("has 1 points, the others have 2: which ones is unknown", read.Pictures[0].Instances[0].Fault!.Text);
        Assert.Null(read.Pictures[2].Instances[0].Fault);
    }

    [Theory]
    [InlineData("version: 1\nn_points: 2\n{\n1 1\n2 2\n", "points between braces are expected. The file may be cut off")]
    [InlineData("version: 1\nn_points: 3\n{\n1 1\n2 2\n}\n", "states 3 points and has 2. The file may be cut off")]
    [InlineData("version: 1\nn_points: 2\n{\n1 1\n2 x2\n}\n", "line 5: '2 x2' is not a point. Two numbers, x and y, are expected")]
    [InlineData("version: 1\nn_points: 1\n{\n1 1 1\n}\n", "line 4: '1 1 1' is not a point. Two numbers, x and y, are expected")]
    [InlineData("version: 1\nn_points: 0\n{\n}\n", "has 0 points: 1 to 4,096 are expected")]
    [InlineData("version: 1\nn_points: 1\n{\n1e99 1\n}\n", "line 4: '1e99 1' is not a point. Two numbers, x and y, are expected")]
    public void A_damaged_file_says_what_is_expected(string text, string problem) => Assert.Equal(problem, PointsFile.Parse(text).Fault!.Text);

    [Theory]
    [InlineData("version: 1\r\nn_points:  2\r\n{\r\n1 1\r\n2 2\r\n}\r\n")]
    [InlineData("version: 1 n_points: 2 {\n1,1\n\n  2\t2  }")]
    [InlineData("version:1\nN_POINTS:2\n{\n1.000000 1.0e0\n2 2\n}")]
    public void Blanks_and_line_ends_do_not_matter(string text) => Assert.Equal([(1, 1), (2, 2)], PointsFile.Parse(text).Points);

    [Fact]
    public async Task Files_that_are_all_damaged_are_refused_with_the_first_reason()
    {
        var error = await Assert.ThrowsAsync<RejectedFileException>(() => ReadSet.FromAsync([("a.pts", "version: 1\nn_points: 1\n")]));

        Assert.Equal("a.pts: points between braces are expected. The file may be cut off. None of the first 1 .pts files can be read.", error.Message);
    }

    private static string File(params string[] points) => $"version: 1\nn_points: {points.Length}\n{{\n{string.Join('\n', points)}\n}}\n";
}
