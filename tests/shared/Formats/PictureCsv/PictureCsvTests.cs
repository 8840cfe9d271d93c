using KeypointPipeline.Files;
using KeypointPipeline.Formats.PictureCsv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Formats.Compliance;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.PictureCsv;

public sealed class PictureCsvTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("image,nose_x,nose_y", "a.png,1,2", "nose")]
    [InlineData("File Name,nose.x,nose.y", "a.png,1,2", "nose")]
    [InlineData("anything,x_0,y_0", "faces/a.JPEG,1,2", "0")]
    [InlineData("notes,image_path,nose_x,nose_y", "good,C:\\faces\\a.bmp,1,2", "nose")]
    [InlineData("mask,image,nose_x,nose_y", "m.png,a.png,1,2", "nose")]
    [InlineData(",0,1", "a.jpg,1,2", "0")]
    [InlineData("image;nose_x;nose_y", "a.png;1,0;2,0", "nose")]
    [InlineData("url,nose_x,nose_y", "https://host/a.png?size=3,1,2", "nose")]
    public async Task The_picture_column_is_found_by_its_content(string header, string row, string keypoints)
    {
        LabelledInstance instance = await ReadOneAsync($"{header}\n{row}\n");

        Assert.Equal(keypoints.Split(','), (await OpenAsync($"{header}\n{row}\n")).Keypoints);
        Assert.Equal([1f, 2f], instance.Points);
    }

    [Theory]
    [InlineData("image,box_x,box_y,box_width,box_height", "a.png,1,2,3,4")]
    [InlineData("image_id,x_1,y_1,width,height", "a.png,1,2,3,4")]
    [InlineData("image,reason", "a.png,damaged")]
    [InlineData("image,uncertainty,worst_keypoint,worst_uncertainty_px,face,instance", "a.png,0.1,nose,1.5,1,id-1")]
    [InlineData("filename,region_count,region_shape_attributes", "a.png,1,{}")]
    [InlineData("nose_x,nose_y,Image", "1,2,3 4 5")]
    [InlineData("image,label", "a.png,cat")]
    public async Task A_table_without_pictures_and_points_is_none_of_labels(string header, string row)
    {
        await using SampleSet set = await SetAsync(("labels.csv", $"{header}\n{row}\n"));

        Assert.Empty(set.Recognised);
    }

    [Theory]
    [InlineData("box_x,box_y,box_width,box_height", "1,2,30,40")]
    [InlineData("bbox_x1,bbox_y1,bbox_x2,bbox_y2", "1,2,31,42")]
    [InlineData("xmin,ymin,xmax,ymax", "1,2,31,42")]
    [InlineData("left,top,right,bottom", "1,2,31,42")]
    [InlineData("x1,y1,x2,y2", "1,2,31,42")]
    [InlineData("x,y,w,h", "1,2,30,40")]
    [InlineData("x,y,width,height", "1,2,30,40")]
    public async Task Boxes_are_read_in_every_usual_spelling(string columns, string values)
    {
        LabelledInstance instance = await ReadOneAsync($"image,nose_x,nose_y,{columns}\na.png,5,6,{values}\n");

        Assert.Equal(new PictureBox(1, 2, 30, 40), instance.Box);
        Assert.Equal([5f, 6f], instance.Points);
    }

    [Fact]
    public async Task Corners_are_keypoints_if_there_are_no_others()
    {
        LabelReader reader = await OpenAsync("image,x1,y1,x2,y2\na.png,1,2,3,4\n");

        Assert.Equal(["1", "2"], reader.Keypoints);
    }

    [Theory]
    [InlineData("1,2,,40", "box_width", "the box is not complete: fill or empty all of its fields")]
    [InlineData("1,2,0,40", "box_width", "the box has no width")]
    [InlineData("1,2,30,-4", "box_height", "the box has no height")]
    [InlineData("1,x,30,4", "box_y", "'x' is not a number")]
    public async Task A_box_that_is_none_is_a_bad_row(string box, string column, string text)
    {
        LabelledInstance instance = await ReadOneAsync($"image,nose_x,nose_y,box_x,box_y,box_width,box_height\na.png,5,6,{box}\n");

        Assert.Equal((column, text), (instance.Fault!.Column, instance.Fault.Text));
    }

    [Theory]
    [InlineData("nose_v", "2,1,0", LabelState.Visible, LabelState.Occluded, LabelState.Labelled)]
    [InlineData("nose_v", "1,1,0", LabelState.Labelled, LabelState.Labelled, LabelState.Labelled)]
    [InlineData("nose_visible", "1,0,", LabelState.Visible, LabelState.Occluded, LabelState.Labelled)]
    [InlineData("nose_visible", "true,False,?", LabelState.Visible, LabelState.Occluded, LabelState.Labelled)]
    [InlineData("nose_visibility", "visible,occluded,absent", LabelState.Visible, LabelState.Occluded, LabelState.Absent)]
    [InlineData("nose_likelihood", "0.99,0.2,0", LabelState.Labelled, LabelState.Labelled, LabelState.Labelled)]
    public async Task Visibility_means_what_the_column_and_the_whole_file_say(string column, string values, LabelState a, LabelState b, LabelState c)
    {
        string rows = string.Concat(values.Split(',').Select((value, i) => $"{i}.png,5,6,{value}\n"));

        LabelledPicture[] pictures = await ReadAsync($"image,nose_x,nose_y,{column}\n{rows}");

        Assert.Equal([a, b, c], pictures.Select(picture => picture.Instances[0].States![0]));
        Assert.Equal([a, b, c], pictures.Select(picture => float.IsNaN(picture.Instances[0].Points[0]) ? LabelState.Absent : picture.Instances[0].States![0]));
    }

    [Fact]
    public async Task A_point_at_a_missing_mark_that_is_not_visible_is_missing()
    {
        LabelledPicture[] pictures = await ReadAsync("image,nose_x,nose_y,nose_v,eye_x,eye_y\na.png,0,0,0,1,1\nb.png,0,0,2,1,1\n");

        Assert.Equal([LabelState.Missing, LabelState.Labelled], pictures[0].Instances[0].States!);
        Assert.True(float.IsNaN(pictures[0].Instances[0].Points[0]));
        Assert.Equal([LabelState.Visible, LabelState.Labelled], pictures[1].Instances[0].States!);
    }

    [Fact]
    public async Task A_keypoint_with_one_coordinate_counts_as_missing()
    {
        LabelledInstance instance = await ReadOneAsync("image,nose_x,nose_y,eye_x,eye_y\na.png,1,2,3,\n");

        Assert.Equal([1f, 2f, float.NaN, float.NaN], instance.Points);
        Assert.Equal(1, instance.HalfLabel);
    }

    [Fact]
    public async Task A_bad_row_names_its_column_and_does_not_stop_the_rest()
    {
        LabelledPicture[] pictures = await ReadAsync("image,nose_x,nose_y\na.png,1,4x.1\n,1,2\nb.png,1\nc.png,1,2\n");

        LabelledInstance[] instances = [.. pictures.Select(picture => Assert.Single(picture.Instances))];
        Assert.Equal([1L, 2L, 3L, 4L], instances.Select(instance => instance.Row));
        Assert.Equal(["nose_y: '4x.1' is not a number", "image: the name of the picture is missing", ": 2 columns, the header has 3", ""],
            instances.Select(instance => instance.Fault is null ? "" : $"{instance.Fault.Column}: {instance.Fault.Text}"));
        Assert.Equal(["a.png", "", "", "c.png"], pictures.Select(picture => picture.Path));
    }

    [Theory]
    [InlineData("a,a,b,b", "a:1+2,b:3+4")]
    [InlineData("a,b,a,b", "a:1+3,b:2+4")]
    [InlineData("a,b,b,a", "a:1+4,b:2+3")]
    [InlineData("a,broken,a", "a:1+3,:2")]
    public async Task Rows_of_a_picture_come_together_wherever_they_stand(string order, string expected)
    {
        string rows = string.Concat(order.Split(',').Select((name, i) => name == "broken" ? "too,few\n" : $"{name}.png,{i + 1},0.5\n"));

        LabelledPicture[] pictures = await ReadAsync($"image,nose_x,nose_y\n{rows}");

        Assert.Equal(expected, string.Join(',', pictures.Select(picture => $"{(picture.Path.Length == 0 ? "" : picture.Path[..1])}:{string.Join('+', picture.Instances.Select(instance => instance.Row))}")));
        Assert.All(
            pictures.SelectMany(picture => picture.Instances).Where(instance => instance.Fault is null),
            instance => Assert.Equal(instance.Row, instance.Points[0]));
    }

    [Fact]
    public async Task Several_tables_are_one_dataset_with_all_keypoints_and_each_picture_names_its_table()
    {
        await using SampleSet set = await SetAsync(
            ("a/labels.csv", "image,Left Eye_x,Left Eye_y,nose_x,nose_y\n1.png,1,2,3,4\n"),
            ("b/labels.csv", "image,mouth_x,mouth_y,left_eye_x,left_eye_y\n1.png,5,6,7,8\n"));
        ReadLabels labels = await ReadLabels.FromAsync(set);

        Assert.Equal(["Left Eye", "nose", "mouth"], labels.Keypoints);
        Assert.Equal(["a/labels.csv", "b/labels.csv"], labels.Pictures.Select(picture => picture.File));
        Assert.Equal([1f, 2f, 3f, 4f, float.NaN, float.NaN], labels.Pictures[0].Instances[0].Points);
        Assert.Equal([7f, 8f, float.NaN, float.NaN, 5f, 6f], labels.Pictures[1].Instances[0].Points);
    }

    [Fact]
    public async Task What_is_known_about_an_instance_is_read()
    {
        LabelledPicture picture = Assert.Single(await ReadAsync(
            "image,width,height,group,instance,nose_x,nose_y,origin,checksum,extra\na.png,20,30, Ann ,id-1,1,2,v7,c01,?\n"));

        Assert.Equal((20, 30), picture.StatedSize);
        LabelledInstance instance = picture.Instances[0];
        Assert.Equal(("Ann", "id-1", "v7", "c01"), (instance.Group, instance.Id, instance.Origin, instance.Checksum));
        Assert.Equal(["Ignored columns: extra."], (await OpenAsync("image,nose_x,nose_y,extra\na.png,1,2,?\n")).Warnings);
    }

    [Fact]
    public async Task A_stated_group_column_is_used_and_must_be_there()
    {
        await using SampleSet set = await SetAsync(("labels.csv", "image,person,nose_x,nose_y\na.png,Ann,1,2\n"));
        var format = new PictureCsvFormat();

        await using LabelReader reader = await format.OpenAsync(set.Files, set.Recognised[0].Files, "Person", Cancel);
        var rejection = await Assert.ThrowsAsync<RejectedFileException>(() => format.OpenAsync(set.Files, set.Recognised[0].Files, "who", Cancel));

        Assert.Equal("Ann", (await reader.ReadAsync(Cancel).FirstAsync(Cancel)).Instances[0].Group);
        Assert.Equal("labels.csv: the header cannot be used: there is no column who, which is stated to be the group.", rejection.Message);
    }

    [Theory]
    [InlineData("image,nose_x,nose_y,eye_x\na.png,1,2,3\n", "eye_x has no eye_y")]
    [InlineData("image,nose_x,nose_y,nose_x\na.png,1,2,3\n", "nose_x occurs twice")]
    [InlineData("one,two,nose_x,nose_y\na.png,b.png,1,2\n", "2 columns hold names of pictures: one, two. Call the one of the labelled pictures image")]
    [InlineData("a.png,1.5,2\nb.png,1,2\n", "the first line holds values and no names. Write a line above it that names the columns: image,<name>_x,<name>_y and so on")]
    [InlineData("image,width,height,status,nose_x,nose_y\na.png,9,9,ok,1,2\n", "it holds results of an earlier version, which do not say what a model predicted and what a person corrected. Predict the pictures again and correct that file; or, if a person has checked every row, delete the column status")]
    public async Task A_header_that_cannot_be_used_is_refused_with_what_to_do(string table, string problem)
    {
        var rejection = await Assert.ThrowsAsync<RejectedFileException>(() => OpenAsync(table));

        Assert.Equal($"labels.csv: the header cannot be used: {problem}.", rejection.Message);
    }

    [Fact]
    public async Task Results_without_keypoints_are_left_out_and_counted()
    {
        const string Table = "image,width,height,status,nose_x,nose_y,face,instance,origin,checksum\r\n"
            + "a.png,9,9,ok,1,2,1,x-1,v1,c1\r\nb.png,,,failed,,,,,,\r\nc.png,9,9,whole,3,4,1,y-1,,\r\n"
            + "sea.png,9,9,no face found,,,1,,,\r\nadded.png,9,9,no face found,5,6,1,,,\r\n";
        await using SampleSet set = await SetAsync(("keypoints.csv", Table));
        await using LabelReader reader = await set.Recognised[0].Format.OpenAsync(set.Files, set.Recognised[0].Files, Cancel);

        List<LabelledPicture> pictures = await reader.ReadAsync(Cancel).ToListAsync(Cancel);

        Assert.Equal([("a.png", "v1"), ("c.png", null), ("added.png", null)], pictures.Select(picture => (picture.Path, picture.Instances[0].Origin)));
        Assert.Equal(["Rows without keypoints that were left out because of their status: 2."], reader.Warnings);
    }

    [Fact]
    public async Task A_gzipped_table_is_read()
    {
        await using SampleSet set = await SampleSet.OpenAsync(
            [("labels.csv.gz", Packing.Gzip(Packing.Utf8("image,nose_x,nose_y\na.png,1,2\n")))], [], Cancel);

        ReadLabels labels = await ReadLabels.FromAsync(set);

        Assert.Equal([1f, 2f], labels.Pictures[0].Instances[0].Points);
    }

    [Fact]
    public async Task Writing_leaves_out_columns_that_no_row_needs_and_keeps_what_rows_say()
    {
        var output = new MemoryOutput();
        await using LabelWriter writer = new PictureCsvFormat().StartWriting(output, ["nose", "left, eye"], MirrorPairs.None);
        await writer.AddAsync(new LabelledPicture("images/=1.png", [new LabelledInstance(1, [1.5f, 0.1f, float.NaN, float.NaN]) { Group = "-1" }]), Cancel);
        await writer.AddAsync(new LabelledPicture("images/b.png", [new LabelledInstance(2, [1, 2, 3, 4]) { Box = new PictureBox(1, 2, 3.25, 4) }]), Cancel);
        await writer.CompleteAsync(Cancel);

        Assert.Equal(
            "image,nose_x,nose_y,\"left, eye_x\",\"left, eye_y\",group,box_x,box_y,box_width,box_height\r\n"
            + "images/=1.png,1.5,0.1,,,-1,,,,\r\nimages/b.png,1,2,3,4,,1,2,3.25,4\r\n",
            System.Text.Encoding.UTF8.GetString(output.Files["labels.csv"]));
    }

    private static async Task<LabelledInstance> ReadOneAsync(string table) => Assert.Single(Assert.Single(await ReadAsync(table)).Instances);

    private static async Task<LabelledPicture[]> ReadAsync(string table)
    {
        await using LabelReader reader = await OpenAsync(table);
        return await reader.ReadAsync(Cancel).ToArrayAsync(Cancel);
    }

    /// <summary>Opens a table. Its set stays open: it is in memory.</summary>
    private static async Task<LabelReader> OpenAsync(string table)
    {
        SampleSet set = await SetAsync(("labels.csv", table));
        RecognisedLabels labels = Assert.Single(set.Recognised);
        return await labels.Format.OpenAsync(set.Files, labels.Files, Cancel);
    }

    private static Task<SampleSet> SetAsync(params (string Path, string Text)[] files) =>
        SampleSet.OpenAsync([.. files.Select(file => (file.Path, Packing.Utf8(file.Text)))], [], Cancel);
}
