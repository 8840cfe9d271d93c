using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Formats.LongCsv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Formats.Compliance;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.LongCsv;

public sealed class LongCsvTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("image,keypoint,x,y")]
    [InlineData("file_name,landmark,X,Y")]
    [InlineData("picture,body_part,x_coord,y_coord")]
    [InlineData("name,label,x,y")]
    public async Task Points_are_put_together_by_picture(string header)
    {
        ReadLabels labels = await ReadAsync($"{header}\na.png,eye,1,2\nb.png,nose,3,4\na.png,nose,5,6\n");

        Assert.Equal(["eye", "nose"], labels.Keypoints);
        Assert.Equal(["a.png", "b.png"], labels.Pictures.Select(picture => picture.Path));
        Assert.Equal([1f, 2f, 5f, 6f], labels.Pictures[0].Instances[0].Points);
        Assert.Equal([float.NaN, float.NaN, 3f, 4f], labels.Pictures[1].Instances[0].Points);
    }

    [Fact]
    public async Task Rows_with_another_instance_are_another_instance()
    {
        ReadLabels labels = await ReadAsync("image,instance,keypoint,x,y\na.png,1,eye,1,2\na.png,2,eye,3,4\na.png,1,nose,5,6\n");

        LabelledPicture picture = Assert.Single(labels.Pictures);
        Assert.Equal(["1", "2"], picture.Instances.Select(instance => instance.Id));
        Assert.Equal([1f, 2f, 5f, 6f], picture.Instances[0].Points);
        Assert.Equal([3f, 4f, float.NaN, float.NaN], picture.Instances[1].Points);
    }

    [Fact]
    public async Task Two_positions_of_one_keypoint_are_a_bad_row()
    {
        ReadLabels labels = await ReadAsync("image,keypoint,x,y\na.png,eye,1,2\na.png,eye,3,4\nb.png,eye,1,2\nb.png,eye,1,2\n");

        Assert.Equal("eye", labels.Pictures[0].Instances[0].Fault!.Column);
        Assert.Null(labels.Pictures[1].Instances[0].Fault);
    }

    [Fact]
    public async Task A_bad_row_costs_one_point_and_names_its_row()
    {
        ReadLabels labels = await ReadAsync("image,keypoint,x,y\na.png,eye,1,2\na.png,nose,x,4\na.png,mouth,5,6\n,mouth,5,6\na.png,,5,6\na.png,=1,5,6\n");

        LabelledInstance[] instances = [.. labels.Pictures.SelectMany(picture => picture.Instances)];
        Assert.Equal([1f, 2f, 5f, 6f], instances[0].Points);
        Assert.Equal(
            ["2 x: 'x' is not a number", "5 keypoint: the name of the keypoint is missing", "6 keypoint: the name of the keypoint begins with '=', as formulas do", "4 image: the name of the picture is missing"],
            instances.Where(instance => instance.Fault is not null).Select(instance => $"{instance.Row} {instance.Fault!.Column}: {instance.Fault.Text}"));
    }

    [Fact]
    public async Task Rows_without_a_position_name_missing_points_and_rows_without_a_keypoint_say_something_about_the_instance()
    {
        ReadLabels labels = await ReadAsync("image,keypoint,x,y,box_x,box_y,box_width,box_height\na.png,eye,,,,,,\na.png,,,,1,2,3,4\na.png,nose,5,,,,,\n");

        LabelledInstance instance = Assert.Single(Assert.Single(labels.Pictures).Instances);
        Assert.Equal(new PictureBox(1, 2, 3, 4), instance.Box);
        Assert.Equal([float.NaN, float.NaN, float.NaN, float.NaN], instance.Points);
        Assert.Equal(1, instance.HalfLabel);
    }

    [Fact]
    public async Task Names_beyond_every_use_are_refused()
    {
        string rows = string.Concat(Enumerable.Range(0, DatasetLimits.Keypoints + 1).Select(i => $"a.png,k{i},1,2\n"));

        var rejection = await Assert.ThrowsAsync<RejectedFileException>(() => ReadAsync($"image,keypoint,x,y\n{rows}"));

        Assert.Equal("points.csv names more than 4,096 keypoints. One name for each keypoint is expected.", rejection.Message);
    }

    [Fact]
    public async Task Writing_gives_a_row_for_each_labelled_point_and_all_names()
    {
        var output = new MemoryOutput();
        await using LabelWriter writer = new LongCsvFormat().StartWriting(output, ["eye", "nose"], MirrorPairs.None);
        await writer.AddAsync(new LabelledPicture("a.png", [new LabelledInstance(1, [float.NaN, float.NaN, 1, 2])]), Cancel);
        await writer.AddAsync(new LabelledPicture("b.png",
        [
            new LabelledInstance(2, [3, 4, float.NaN, float.NaN]) { States = [LabelState.Occluded, LabelState.Missing] },
            new LabelledInstance(3, [float.NaN, float.NaN, 5, 6.5f]) { States = [LabelState.Absent, LabelState.Labelled] },
        ]), Cancel);
        await writer.CompleteAsync(Cancel);

        Assert.Equal(
            "image,keypoint,x,y,visibility,instance\r\na.png,eye,,,,\r\na.png,nose,1,2,,\r\nb.png,eye,3,4,occluded,1\r\nb.png,eye,,,absent,2\r\nb.png,nose,5,6.5,,2\r\n",
            Encoding.UTF8.GetString(output.Files["labels.csv"]));
    }

    private static async Task<ReadLabels> ReadAsync(string table)
    {
        await using SampleSet set = await SampleSet.OpenAsync([("points.csv", Packing.Utf8(table))], [], Cancel);
        return await ReadLabels.FromAsync(set);
    }
}
