using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Keypoints;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.DeepLabCut;

public sealed class DeepLabCutTests
{
    private const string Header = "scorer,lab,lab,lab,lab\nbodyparts,nose,nose,tail,tail\ncoords,x,y,x,y\n";

    [Fact]
    public async Task The_path_can_be_one_column_or_three()
    {
        ReadSet one = await ReadSet.FromAsync([("a.csv", Header + "labeled-data/v/img0.png,1,2,3,4\n")]);
        ReadSet three = await ReadSet.FromAsync(
            [("a.csv", "scorer,,,lab,lab,lab,lab\nbodyparts,,,nose,nose,tail,tail\ncoords,,,x,y,x,y\nlabeled-data,v,img0.png,1,2,3,4\n")]);
        ReadSet windows = await ReadSet.FromAsync([("a.csv", Header + "labeled-data\\v\\img0.png,1,2,3,4\n")]);

        Assert.All([one, three, windows], read =>
        {
            Assert.Equal("labeled-data/v/img0.png", read.Pictures[0].Path);
            Assert.Equal([1, 2, 3, 4], read.Pictures[0].Instances[0].Points);
        });
    }

    [Fact]
    public async Task Pictures_of_one_video_are_one_group_only_if_there_are_several_videos()
    {
        ReadSet one = await ReadSet.FromAsync([("labeled-data/v1/CollectedData_lab.csv", Header + "labeled-data/v1/0.png,1,2,3,4\nlabeled-data/v1/1.png,1,2,3,4\n")]);
        ReadSet two = await ReadSet.FromAsync(
        [
            ("labeled-data/v1/CollectedData_lab.csv", Header + "labeled-data/v1/0.png,1,2,3,4\n"),
            ("labeled-data/v2/CollectedData_lab.csv", Header + "labeled-data/v2/0.png,1,2,3,4\n"),
        ]);

        Assert.Equal([null, null], one.Pictures.Select(picture => picture.Instances[0].Group));
        Assert.Equal(["v1", "v2"], two.Pictures.Select(picture => picture.Instances[0].Group));
        Assert.Equal(["labeled-data/v1/CollectedData_lab.csv", "labeled-data/v2/CollectedData_lab.csv"], two.Pictures.Select(picture => picture.File));
    }

    [Fact]
    public async Task Tables_of_several_videos_have_the_union_of_their_body_parts()
    {
        ReadSet read = await ReadSet.FromAsync(
        [
            ("v1/a.csv", Header + "v1/0.png,1,2,3,4\n"),
            ("v2/a.csv", "scorer,x,x\nbodyparts,paw,paw\ncoords,x,y\nv2/0.png,5,6\n"),
        ]);

        Assert.Equal(["nose", "tail", "paw"], read.Keypoints);
        Assert.Equal([1, 2, 3, 4, float.NaN, float.NaN], read.Pictures[0].Instances[0].Points);
        Assert.Equal([float.NaN, float.NaN, float.NaN, float.NaN, 5, 6], read.Pictures[1].Instances[0].Points);
    }

    [Fact]
    public async Task Predictions_of_a_network_are_never_labels()
    {
        (string, string) predictions = ("videos/v1DLC.csv", "scorer,net,net,net\nbodyparts,nose,nose,nose\ncoords,x,y,likelihood\n0,1,2,0.9\n");

        ReadSet read = await ReadSet.FromAsync([("a.csv", Header + "v1/0.png,1,2,3,4\n"), predictions]);
        var error = await Assert.ThrowsAsync<RejectedFileException>(() => ReadSet.FromAsync([predictions]));

        Assert.Single(read.Pictures);
        Assert.Equal(["Left out, because a network predicted them (column likelihood): videos/v1DLC.csv."], read.Warnings);
        Assert.StartsWith("videos/v1DLC.csv: predictions of a network (column likelihood) are never labels.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Points_of_the_scene_are_left_out()
    {
        ReadSet read = await ReadSet.FromAsync([("a.csv",
            "scorer,l,l,l,l,l,l\nindividuals,m1,m1,m2,m2,single,single\nbodyparts,nose,nose,nose,nose,corner,corner\ncoords,x,y,x,y,x,y\nv/0.png,1,2,3,4,5,6\nv/1.png,,,7,8,9,9\n")]);

        Assert.Equal(["nose"], read.Keypoints);
        Assert.Equal([("m1", 1f), ("m2", 3f)], read.Pictures[0].Instances.Select(instance => (instance.Id!, instance.Points[0])));
        Assert.Equal(["m2"], read.Pictures[1].Instances.Select(instance => instance.Id));
        Assert.Equal(["Points of the scene (individual single) are left out: corner."], read.Warnings);
    }

    [Fact]
    public async Task A_picture_in_two_tables_has_the_labels_of_the_first()
    {
        ReadSet read = await ReadSet.FromAsync(
        [
            ("labeled-data/v/CollectedData_a.csv", Header + "labeled-data/v/0.png,1,2,3,4\n"),
            ("labeled-data/v/CollectedData_b.csv", Header + "labeled-data/v/0.png,9,9,9,9\nlabeled-data/v/1.png,5,6,7,8\n"),
        ]);

        Assert.Equal([1f, 5f], read.Pictures.Select(picture => picture.Instances[0].Points[0]));
        Assert.Equal(["1 rows name a picture that an earlier row or table labels. The earlier labels are used."], read.Warnings);
    }

    [Fact]
    public async Task Columns_of_a_second_scorer_are_left_out()
    {
        ReadSet read = await ReadSet.FromAsync([("a.csv", "scorer,ann,ann,bob,bob\nbodyparts,nose,nose,nose,nose\ncoords,x,y,x,y\nv/0.png,1,2,3,4\n")]);

        Assert.Equal([1, 2], read.Pictures[0].Instances[0].Points);
        Assert.Equal(["Several people labelled the same body parts. The columns of bob are left out."], read.Warnings);
    }

    [Fact]
    public async Task Projects_with_equal_paths_keep_their_own_pictures()
    {
        string table = Header + "labeled-data/v/0.png,1,2,3,4\n";

        ReadSet read = await ReadSet.FromAsync(
            [("p1/labeled-data/v/a.csv", table), ("p2/labeled-data/v/a.csv", table)], "p1/labeled-data/v/0.png", "p2/labeled-data/v/0.png");

        Assert.Equal(["p1/labeled-data/v/0.png", "p2/labeled-data/v/0.png"], read.Pictures.Select(picture => picture.Path));
    }

    [Fact]
    public async Task A_hidden_point_can_lack_a_position_and_an_unknown_visibility_is_a_bad_row()
    {
        ReadSet read = await ReadSet.FromAsync([("a.csv",
            "scorer,l,l,l,l,l,l\nbodyparts,nose,nose,nose,tail,tail,tail\ncoords,x,y,visible,x,y,visible\nv/0.png,1,2,1,,,1\nv/1.png,1,2,0,3,4,\nv/2.png,1,2,9,3,4,2\n")]);

        Assert.Equal([LabelState.Occluded, LabelState.Missing], read.Pictures[0].Instances[0].States!);
        Assert.Equal([LabelState.Missing, LabelState.Labelled], read.Pictures[1].Instances[0].States!);
        Assert.Equal([float.NaN, float.NaN, 3, 4], read.Pictures[1].Instances[0].Points);
        LabelledInstance bad = Assert.Single(read.Pictures[2].Instances);
        Assert.Equal(
            (RowProblemKind.Label, "nose, visible", "'9' is not a visibility: 2 (visible), 1 (hidden) or 0 (not labelled) is expected", 3L),
            (bad.Fault!.Kind, bad.Fault.Column, bad.Fault.Text, bad.Row));
    }

    [Fact]
    public async Task A_bad_row_names_its_point_and_does_not_stop_the_rest()
    {
        ReadSet read = await ReadSet.FromAsync([("a.csv", Header + "v/0.png,1,2,3,4x\nv/1.png,1,,3,4\nv/2.png,,,,\nv/3.png,1\nv/4.png,1,2,3,4\n")]);

        Assert.Equal(("tail, y", "'4x' is not a number"), (read.Pictures[0].Instances[0].Fault!.Column, read.Pictures[0].Instances[0].Fault!.Text));
        Assert.Equal((0, float.NaN), (read.Pictures[1].Instances[0].HalfLabel, read.Pictures[1].Instances[0].Points[0]));
        Assert.Empty(read.Pictures[2].Instances);
        Assert.Equal(RowProblemKind.ColumnCount, read.Pictures[3].Instances[0].Fault!.Kind);
        Assert.Equal((5L, 4f), (read.Pictures[4].Instances[0].Row, read.Pictures[4].Instances[0].Points[3]));
    }

    [Fact]
    public async Task Videos_without_pictures_are_refused_with_the_command_that_extracts_them()
    {
        (string, string) table = ("labeled-data/reach/CollectedData_lab.csv", Header + "labeled-data/reach/img0005.png,1,2,3,4\n");

        var error = await Assert.ThrowsAsync<RejectedFileException>(() => ReadSet.FromAsync([table], "videos/reach.avi"));
        ReadSet read = await ReadSet.FromAsync([table], "videos/reach.avi", "labeled-data/reach/img0005.png");

        Assert.Equal(
            "sample.zip holds videos/reach.avi but no pictures. CollectedData_lab.csv labels single frames. Turn each video into pictures, for example with: "
            + "ffmpeg -i \"videos/reach.avi\" -fps_mode passthrough -start_number 0 \"labeled-data/reach/img%04d.png\"",
            error.Message);
        Assert.Single(read.Pictures);
    }

    [Theory]
    [InlineData("scorer,l,l\nbodyparts,nose,nose\ncoords,x,x\nv/0.png,1,2\n", "a.csv: columns 2 and 3 are both x of nose. Remove one.")]
    [InlineData("scorer,l\nbodyparts,nose\ncoords,x\nv/0.png,1\n", "a.csv: nose has no y column. Each body part needs x and y.")]
    [InlineData("scorer,l,l\nbodyparts,=nose,=nose\ncoords,x,y\nv/0.png,1,2\n", "a.csv, column 2: the name of the body part begins with '=', as formulas do.")]
    [InlineData("scorer,l,l\nbodyparts,nose,nose\ncoords,a,b\nv/0.png,1,2\n", "a.csv: the line that begins with coords names no x and y columns.")]
    public async Task An_unusable_header_is_refused_with_the_column(string text, string expected)
    {
        var error = await Assert.ThrowsAsync<RejectedFileException>(() => ReadSet.FromAsync([("a.csv", text)]));

        Assert.Equal(expected, error.Message);
    }
}
