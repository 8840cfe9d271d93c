using KeypointPipeline.Formats.PixelCsv.Headers;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.PixelCsv;

public sealed class HeaderSpellingTests
{
    private static readonly string Image = SmallTable.Image(3);

    [Theory]
    [InlineData("nose.x,nose.y,left eye.x,left eye.y", "nose,left eye")]
    [InlineData("Nose X,Nose Y,Left Eye X,Left Eye Y", "Nose,Left Eye")]
    [InlineData("nose-x,nose-y,left_eye-x,left_eye-y", "nose,left_eye")]
    [InlineData("nose (x),nose (y),left_eye (x),left_eye (y)", "nose,left_eye")]
    [InlineData("\"('nose', 'x')\",\"('nose', 'y')\",\"('eye', 'x')\",\"('eye', 'y')\"", "nose,eye")]
    [InlineData("noseX,noseY,leftEyeX,leftEyeY", "nose,leftEye")]
    [InlineData("nosex,nosey,eyex,eyey", "nose,eye")]
    [InlineData("x_0,y_0,x_1,y_1", "0,1")]
    [InlineData("X 0,Y 0,X 1,Y 1", "0,1")]
    [InlineData("x0,y0,x1,y1", "0,1")]
    [InlineData("X0,Y0,X1,Y1", "0,1")]
    [InlineData("0x,0y,1x,1y", "0,1")]
    [InlineData("0_x,0_y,1_x,1_y", "0,1")]
    [InlineData("x,y,x.1,y.1", "0,1")]
    [InlineData("x_nose,y_nose,x_eye,y_eye", "nose,eye")]
    [InlineData("xNose,yNose,xEye,yEye", "Nose,Eye")]
    [InlineData("landmark_0_x,landmark_0_y,landmark_1_x,landmark_1_y", "landmark_0,landmark_1")]
    [InlineData("landmark_x_0,landmark_y_0,landmark_x_1,landmark_y_1", "landmark_0,landmark_1")]
    [InlineData("kp_x0,kp_y0,kp_x1,kp_y1", "kp_0,kp_1")]
    public async Task Keypoints_are_read_in_every_usual_spelling(string header, string names)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync($"{header},Image\n1,2,3,4,{Image}\n");

        Assert.Equal(names.Split(','), prepared.Dataset.Manifest.Schema.Names);
        Assert.Equal([1f, 2f, 3f, 4f], prepared.Dataset.Keypoints(0).ToArray());
        Assert.Empty(prepared.Report.Warnings);
    }

    [Theory]
    [InlineData("x_0,x_1,y_0,y_1")]
    [InlineData("x0,x1,y0,y1")]
    [InlineData("0_x,1_x,0_y,1_y")]
    public async Task Keypoints_in_blocks_have_the_names_of_keypoints_in_pairs(string header)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync($"{header},Image\n1,3,2,4,{Image}\n");
        using PreparedForTest pairs = await PreparedForTest.FromAsync($"0_x,0_y,1_x,1_y,Image\n1,2,3,4,{Image}\n");

        Assert.Equal(pairs.Report.DatasetId, prepared.Report.DatasetId);
    }

    [Fact]
    public async Task The_report_says_which_columns_were_read_as_keypoints_unless_they_are_spelled_plainly()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync($"x_0,x_1,y_0,y_1,Image\n1,3,2,4,{Image}\n");
        using PreparedForTest plain = await PreparedForTest.FromAsync(SmallTable.With(3));

        Assert.Equal(["Keypoint columns: x_0 and y_0 for 0 (2 keypoints)."], prepared.Report.Guessed);
        Assert.Empty(plain.Report.Guessed);
    }

    [Theory]
    [InlineData(
        "x_0,y_0,nose.x,nose.y",
        "the keypoint columns can be read in 2 ways: nose.x and nose.y for nose (1 keypoint); or x_0 and y_0 for 0 (1 keypoint). "
        + "Rename the columns that you mean to <name>_x and <name>_y, and take out the others")]
    [InlineData(
        "face_x,face_y,x_0,y_0,x_1,y_1",
        "the keypoint columns can be read in 2 ways: x_0 and y_0 for 0 (2 keypoints); or face_x and face_y for face (1 keypoint). "
        + "Rename the columns that you mean to <name>_x and <name>_y, and take out the others")]
    [InlineData("x_0,y_0,X_0,Y_0", "X_0 occurs twice; Y_0 occurs twice")]
    [InlineData("nose.x,nose.y,nose-x,nose-y", "nose.x and nose-x are both x of nose; nose.y and nose-y are both y of nose")]
    [InlineData("x_0,y_0,x_1", "x_1 has no column for y of 1")]
    [InlineData("x,y,x_0,y_0", "x and x_0 are both x of 0; y and y_0 are both y of 0")]
    [InlineData("x,y", "there are no keypoint columns (<name>_x, <name>_y). These columns hold numbers and may be coordinates: x, y. Name each pair <name>_x and <name>_y")]
    [InlineData("x_min,y_min,x_max,y_max", "there are no keypoint columns (<name>_x, <name>_y). These columns hold numbers and may be coordinates: x_min, y_min, x_max, y_max. Name each pair <name>_x and <name>_y")]
    [InlineData("left,top", "there are no keypoint columns (<name>_x, <name>_y). These columns hold numbers and may be coordinates: left, top. Name each pair <name>_x and <name>_y")]
    public async Task A_header_with_two_readings_or_none_is_refused_and_shows_them(string header, string problem)
    {
        int columns = header.Split(',').Length;

        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            $"{header},Image\n{string.Concat(Enumerable.Range(1, columns).Select(i => $"{i},"))}{Image}\n");

        Assert.Equal($"training.csv: the header cannot be used: {problem}.", prepared.Rejection);
    }

    [Fact]
    public async Task A_box_beside_plainly_named_keypoints_is_ignored_as_before_with_a_warning()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync($"nose_x,nose_y,x1,y1,box,Image\n1,2,3,4,5,{Image}\n");

        Assert.Equal(["nose"], prepared.Dataset.Manifest.Schema.Names);
        Assert.Equal(
            ["Ignored columns: x1, y1, box.", "Ignored although they look like coordinates in another spelling: x1 and y1 for 1 (1 keypoint)."],
            prepared.Report.Warnings);
    }

    [Theory]
    [InlineData("filename,nose_x,nose_y", "a.png,1,2", "there is no image column (Image or pixels). Column 1, filename, holds names of image files (a.png).")]
    [InlineData(",0,1", "a.jpg,1,2", "there is no image column (Image or pixels); there are no keypoint columns (<name>_x, <name>_y). Column 1 holds names of image files (a.jpg).")]
    [InlineData("scorer,lab,lab", "bodyparts,nose,nose", "there is no image column (Image or pixels); there are no keypoint columns (<name>_x, <name>_y). This looks like a DeepLabCut table with three header rows (scorer, bodyparts, coords).")]
    [InlineData("image_id,lefteye_x,lefteye_y", "1.jpg,1,2", "there is no image column (Image or pixels). This looks like CelebA's landmarks.")]
    [InlineData("image_name,scale,center_w,center_h,original_0_x,original_0_y", "1.jpg,1,2,3,4,5", "there is no image column (Image or pixels). This looks like a table of HRNet (WFLW, 300W, AFLW).")]
    [InlineData("filename,file_size,file_attributes,region_shape_attributes", "1.jpg,1,2,3", "there is no image column (Image or pixels); there are no keypoint columns (<name>_x, <name>_y). This looks like an export of the VGG Image Annotator (VIA).")]
    [InlineData("id,image,kp", "1,1.jpg,\"[{\"\"keypointlabels\"\":1}]\"", "there are no keypoint columns (<name>_x, <name>_y). This looks like an export of Label Studio.")]
    [InlineData("image,keypoint,x,y", "1.jpg,nose,1,2", "there are no keypoint columns (<name>_x, <name>_y). This looks like a long table with one row per point (image, keypoint, x, y).")]
    public async Task A_table_without_pixels_is_named_and_belongs_into_one_folder_with_its_pictures(string header, string row, string problem)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync($"{header}\n{row}\n");

        Assert.Equal(
            $"training.csv: the header cannot be used: {problem} A table that names image files is read together with them. "
            + "Put the table and the image files into one folder or zip, and use that.",
            prepared.Rejection);
    }

    [Fact]
    public void A_table_without_columns_is_of_no_known_kind() => Assert.Null(ForeignTable.Describe([], [[]], lacksKeypoints: true));
}
