using System.Globalization;
using KeypointPipeline.Files;
using KeypointPipeline.Kaggle;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Kaggle;

/// <summary>On images of 8×8 pixels with one bright pixel, which the model takes for every keypoint.</summary>
public sealed class KaggleSubmissionTests
{
    private const string Header = "RowId,ImageId,FeatureName,Location";
    private static readonly KeypointSchema Schema = new(["eye", "nose", "lip"], 8, 8);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_line_answers_each_row_of_the_lookup_table_in_its_order()
    {
        string[] test = ["ImageId,Image", Bright(1, x: 2, y: 5), Bright(2, x: 7, y: 0), Bright(3, x: 1, y: 1)];
        string[] lookup = [Header, "9,2,nose_y,", "1,1,eye_x,", "8,2,nose_x,", "3,3,lip_x,", "2,1,eye_y,"];

        (string[] lines, KaggleSubmissionSummary summary) = await SubmitAsync(test, lookup);

        Assert.Equal(["RowId,Location", "9,0", "1,2", "8,7", "3,1", "2,5"], lines);
        Assert.Equal(new KaggleSubmissionSummary(3, 3, 5, 0), summary);
    }

    [Fact]
    public async Task Images_come_in_batches_and_any_order_and_those_not_asked_about_are_passed_over()
    {
        const int Count = (2 * KeypointModel.BatchSize) + 5;
        int[] ids = [.. Enumerable.Range(1, Count).Reverse()];
        string[] test = ["ImageId,Image", "999,not looked at", .. ids.Select(id => Bright(id, x: id % 8, y: id / 8))];
        string[] lookup = [Header, .. ids.Order().SelectMany(id => new[] { $"{2 * id},{id},lip_x,", $"{(2 * id) + 1},{id},lip_y," })];

        (string[] lines, KaggleSubmissionSummary summary) = await SubmitAsync(test, lookup);

        Assert.Equal(["RowId,Location", .. ids.Order().SelectMany(id => new[] { $"{2 * id},{id % 8}", $"{(2 * id) + 1},{id / 8}" })], lines);
        Assert.Equal(Count, summary.Images);
    }

    [Fact]
    public async Task Locations_outside_the_frame_are_moved_to_its_edge()
    {
        string[] test = ["ImageId,Image", Bright(1, x: 2, y: 5)];
        string[] lookup = [Header, "1,1,eye_x,", "2,1,eye_y,", "3,1,nose_x,", "4,1,nose_y,"];

        (string[] lines, KaggleSubmissionSummary summary) = await SubmitAsync(test, lookup, shift: [-9, 9, 0.25f, 3, 0, 0]);

        Assert.Equal(["RowId,Location", "1,0", "2,8", "3,2.25", "4,8"], lines);
        Assert.Equal(2, summary.Clipped);
    }

    [Fact]
    public async Task Offsets_go_to_images_of_which_at_most_half_of_the_keypoints_are_asked()
    {
        string[] test = ["ImageId,Image", Bright(1, x: 2, y: 3), Bright(2, x: 2, y: 3)];
        string[] lookup = [Header, "1,1,nose_x,", "2,1,nose_y,", "3,2,nose_x,", "4,2,nose_y,", "5,2,lip_x,"];

        (string[] lines, KaggleSubmissionSummary summary) = await SubmitAsync(test, lookup, offsets: [9, 9, 0.5f, 1.5f, 9, 9]);

        Assert.Equal(["RowId,Location", "1,2.5", "2,4.5", "3,2", "4,3", "5,2"], lines);
        Assert.Equal(1, summary.SparseImages);
    }

    [Fact]
    public async Task Offsets_are_added_before_a_location_is_moved_into_the_frame()
    {
        (string[] lines, _) = await SubmitAsync(
            ["ImageId,Image", Bright(1, x: 2, y: 3)], [Header, "1,1,nose_x,", "2,1,nose_y,"], offsets: [0, 0, -3, 6, 0, 0]);

        Assert.Equal(["RowId,Location", "1,0", "2,8"], lines);
    }

    [Fact]
    public async Task Numbers_are_written_with_a_point_whatever_the_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var commas = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        commas.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = commas;
        try
        {
            (string[] lines, _) = await SubmitAsync(["ImageId,Image", Bright(1, x: 2, y: 3)], [Header, "1,1,eye_x,"], shift: [0.5f, 0, 0, 0, 0, 0]);
            Assert.Equal("1,2.5", lines[1]);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("csv", "csv")]
    [InlineData("csv.gz", "zip")]
    [InlineData("zip", "csv")]
    public async Task Copies_that_were_saved_again_read_the_same(string testFormat, string lookupFormat)
    {
        string pixels = Bright(1, x: 2, y: 5).Split(',')[1];
        string test = $"\uFEFFimage,,imageid\r\n\"{pixels}\",0,\"1\"\r\n";
        string lookup = "\uFEFF\"RowId\",\"ImageId\",\"FeatureName\"\r\n\"1\",\"1\",\"eye_y\"\r\n\r\n";

        (string[] lines, _) = await SubmitAsync(Pack(test, "test", testFormat), Pack(lookup, "IdLookupTable", lookupFormat));

        Assert.Equal(["RowId,Location", "1,5"], lines);
    }

    [Theory]
    [InlineData("RowId,ImageId\n1,1", "IdLookupTable.csv: 0 columns are named FeatureName, one is expected; the header has RowId, ImageId.")]
    [InlineData("RowId,RowId,ImageId,FeatureName\n1,1,1,eye_x", "2 columns are named RowId")]
    [InlineData("RowId,ImageId,FeatureName,Location", "IdLookupTable.csv has a header but no rows")]
    [InlineData("RowId,ImageId,FeatureName,Location\n1,1,eye_x,\n2,1,ear_x,",
        "IdLookupTable.csv row 2, column FeatureName: 'ear_x' is not predicted by the model; expected _x or _y of eye, nose, lip. Use a model")]
    [InlineData("RowId,ImageId,FeatureName,Location\n1,1,eye,", "'eye' is not predicted by the model")]
    [InlineData("RowId,ImageId,FeatureName,Location\nx,1,eye_x,", "row 1, column RowId: 'x' is not a whole number")]
    [InlineData("RowId,ImageId,FeatureName,Location\n1,-1,eye_x,", "row 1, column ImageId: '-1' is not a whole number, 1 or more")]
    [InlineData("RowId,ImageId,FeatureName,Location\n1,1,eye_x,\n1,1,eye_y,", "row 2, column RowId: 1 is in an earlier row too")]
    [InlineData("RowId,ImageId,FeatureName,Location\n1,1,eye_x,\n2,1,eye_x,", "row 2, column FeatureName: 'eye_x' of image 1 is in an earlier row too")]
    [InlineData("RowId,ImageId,FeatureName,Location\n1,1,eye_x", "row 1: 3 columns, the header has 4")]
    [InlineData("RowId,ImageId,FeatureName,Location\n1,1,eye_x,\n2,7,eye_x,\n3,8,eye_x,",
        "IdLookupTable.csv row 2, column ImageId: test.csv has no image 7; 2 requested images are missing in total. Use the test file")]
    public async Task A_lookup_table_that_cannot_be_answered_is_refused(string lookup, string expected)
    {
        await AssertRefusedAsync(["ImageId,Image", Bright(1, 0, 0)], [lookup], expected);
    }

    [Theory]
    [InlineData("Image\n0", "test.csv: 0 columns are named ImageId, one is expected; the header has Image. Use Kaggle's file as downloaded.")]
    [InlineData("ImageId,Pixel\n1,0", "0 columns are named Image,")]
    [InlineData("ImageId,Image\n1,0 0 0", "test.csv row 1, column Image: 3 pixels, 64 are expected (8×8), the model's frame. Use a model trained on images of this size.")]
    [InlineData("ImageId,Image\n1,0 256 0", "test.csv row 1, column Image: pixel 2 is '256'")]
    [InlineData("ImageId,Image\none,0", "test.csv row 1, column ImageId: 'one' is not a whole number")]
    [InlineData("ImageId,Image\n2,\n2,", "test.csv row 2, column ImageId: image 2 is in an earlier row too")]
    [InlineData("ImageId,Image\n2,", "test.csv has no image 1. Use the test file")]
    [InlineData("", "test.csv is empty")]
    public async Task A_test_file_that_cannot_be_used_is_refused(string test, string expected)
    {
        await AssertRefusedAsync([test], [Header, "1,1,eye_x,"], expected);
    }

    [Fact]
    public async Task A_zip_of_the_whole_competition_is_refused()
    {
        DatasetSource everything = PreparedForTest.Source(
            Packing.Zip(("IdLookupTable.csv", []), ("SampleSubmission.csv", []), ("test.zip", [])), "facial-keypoints-detection.zip");

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => SubmitAsync(everything, Pack(Header + "\n1,1,eye_x,", "IdLookupTable", "csv")));

        Assert.Contains("contains 2 .csv files (IdLookupTable.csv, SampleSubmission.csv)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_gives_no_number_is_named()
    {
        // Nothing is bright: the centre of brightness is 0 divided by 0.
        string black = "1," + string.Join(' ', Enumerable.Repeat(0, 64));

        await AssertRefusedAsync(["ImageId,Image", black], [Header, "1,1,nose_x,"], "no number for nose of image 1");
    }

    private static async Task AssertRefusedAsync(string[] test, string[] lookup, string expected)
    {
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => SubmitAsync(test, lookup));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static Task<(string[] Lines, KaggleSubmissionSummary Summary)> SubmitAsync(
        string[] test, string[] lookup, float[]? shift = null, float[]? offsets = null) =>
        SubmitAsync(Pack(string.Join('\n', test), "test", "csv"), Pack(string.Join('\n', lookup), "IdLookupTable", "csv"), shift, offsets);

    /// <summary>Submits to a file that is there already; a refusal must leave it as it was, and nothing beside it.</summary>
    private static async Task<(string[] Lines, KaggleSubmissionSummary Summary)> SubmitAsync(
        DatasetSource test, DatasetSource lookup, float[]? shift = null, float[]? offsets = null)
    {
        using TemporaryFolder folder = TestFolder.Create("kaggle");
        string path = folder.File("submission.csv");
        await File.WriteAllTextAsync(path, "earlier", Cancel);
        byte[] file = TinyOnnxModel.Centroid(Schema, shift ?? []);
        using var model = KeypointModel.Open(offsets is null ? file : TinyOnnxModel.WithSparseOffsets(file, Schema, offsets), "tiny");
        try
        {
            KaggleSubmissionSummary summary = await KaggleSubmission.WriteAsync(model, test, lookup, path, progress: null, Cancel);
            string text = await File.ReadAllTextAsync(path, Cancel);
            Assert.EndsWith("\n", text, StringComparison.Ordinal);
            Assert.DoesNotContain('\r', text);
            return (text.TrimEnd('\n').Split('\n'), summary);
        }
        catch (InvalidDataException)
        {
            Assert.Equal("earlier", await File.ReadAllTextAsync(path, Cancel));
            throw;
        }
        finally
        {
            Assert.Single(Directory.GetFileSystemEntries(folder.Path));
        }
    }

    private static DatasetSource Pack(string text, string name, string format)
    {
        byte[] csv = Packing.Utf8(text);
        byte[] packed = format switch
        {
            "zip" => Packing.Zip(($"{name}.csv", csv)),
            "csv.gz" => Packing.Gzip(csv),
            _ => csv,
        };
        return PreparedForTest.Source(packed, $"{name}.{format}");
    }

    /// <summary>A row of the test file whose image has one bright pixel.</summary>
    private static string Bright(int id, int x, int y) =>
        $"{id},{string.Join(' ', Enumerable.Range(0, 64).Select(i => i == (8 * y) + x ? 200 : 0))}";
}
