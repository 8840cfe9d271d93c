using System.Globalization;
using KeypointPipeline.Bench.Accuracy.Faces;
using KeypointPipeline.Errors;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Bench.Tests.Accuracy.Faces;

/// <summary>Udacity's P1_Facial_Keypoints as data of the comparison.</summary>
public sealed class P1Tests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Calculated with Python's hashlib: 66, 28 and 8 are below 70; Person_10 has 70, Person_8 77 and Person_9 98.</summary>
    [Theory]
    [InlineData("Luis_Fonsi_21.jpg", PersonSide.Training)]
    [InlineData("Luis_Fonsi_0.jpg", PersonSide.Training)]
    [InlineData("Valerie_Harper_30.jpg", PersonSide.Training)]
    [InlineData("Kit_Bond_20.jpg", PersonSide.Training)]
    [InlineData("Person_10_00.jpg", PersonSide.Validation)]
    [InlineData("Person_8_00.jpg", PersonSide.Validation)]
    [InlineData("Person_9_00.jpg", PersonSide.Test)]
    internal void The_side_of_a_frame_is_that_of_its_person(string file, PersonSide side) => Assert.Equal(side, PersonSides.Of(file));

    [Fact]
    public void Seventy_of_a_hundred_people_are_for_training_and_fifteen_each_for_validation_and_test()
    {
        Dictionary<PersonSide, int> people = Enumerable.Range(0, 10_000)
            .CountBy(person => PersonSides.Of(string.Create(CultureInfo.InvariantCulture, $"person-{person}_7.jpg"))).ToDictionary();

        Assert.InRange(people[PersonSide.Training], 6_850, 7_150);
        Assert.InRange(people[PersonSide.Validation], 1_380, 1_620);
        Assert.InRange(people[PersonSide.Test], 1_380, 1_620);
    }

    [Fact]
    public void The_left_eye_of_the_subject_is_that_of_points_42_to_47()
    {
        double[] ibug = [.. Enumerable.Range(0, 136).Select(i => (double)i)];

        double[] labels = KaggleLabels.Of(ibug);

        Assert.Equal(["left_eye_center", "right_eye_center"], KaggleLabels.Names.Take(2));
        Assert.Equal([89, 90, 77, 78], labels[..4]);
        int nose = KaggleLabels.Names.ToList().IndexOf("nose_tip");
        Assert.Equal([60, 61], labels[(2 * nose)..((2 * nose) + 2)]);
        Assert.Equal(30, labels.Length);
    }

    [Fact]
    public void Labels_are_missing_in_Kaggles_pattern()
    {
        bool[][] rows = [.. Enumerable.Range(0, 10_000).Select(i => KaggleLabels.Missing($"training/a_{i}.jpg"))];

        int[] missing = [.. rows.Select(row => row.Count(isMissing => isMissing))];
        Assert.InRange(missing.Count(count => count == 0), 2_800, 3_200);
        Assert.InRange(missing.Count(count => count == 11), 6_600, 7_000);
        Assert.InRange(missing.Count(count => count is > 0 and < 11), 120, 260);
        foreach (string kept in (string[])["left_eye_center", "right_eye_center", "nose_tip", "mouth_center_bottom_lip"])
            Assert.DoesNotContain(rows, row => row[KaggleLabels.Names.ToList().IndexOf(kept)]);
        Assert.Equal(rows[7], KaggleLabels.Missing("training/a_7.jpg"));
    }

    [Fact]
    public async Task Each_side_gets_a_file_in_Kaggles_format_with_its_own_people()
    {
        using TemporaryFolder folder = TestFolder.Create("p1");
        string source = Write(folder, "training", "Luis_Fonsi_21.jpg", "Person_8_3.jpg");
        Write(folder, "test", "Person_9_1.jpg");

        P1Datasets files = await P1Datasets.PrepareAsync(source, folder.File("out"), Cancel);

        string[] training = await File.ReadAllLinesAsync(files.Training, Cancel);
        Assert.Equal("left_eye_center_x,left_eye_center_y,right_eye_center_x", string.Join(',', training[0].Split(',')[..3]));
        string[] fields = Assert.Single(training.Skip(1)).Split(',');
        Assert.Equal(31, fields.Length);
        Assert.Equal(96 * 96, fields[^1].Split(' ').Length);
        Assert.Equal(2, (await File.ReadAllLinesAsync(files.Validation, Cancel)).Length);
        string[] test = (await File.ReadAllLinesAsync(files.Test, Cancel))[1].Split(',');
        Assert.All(test[..30], Assert.NotEmpty);

        // The bright spot of the picture is at the nose tip, and stays there.
        int nose = 2 * KaggleLabels.Names.ToList().IndexOf("nose_tip");
        int[] pixels = [.. test[^1].Split(' ').Select(value => int.Parse(value, CultureInfo.InvariantCulture))];
        int brightest = Array.IndexOf(pixels, pixels.Max());
        Assert.Equal(double.Parse(test[nose], CultureInfo.InvariantCulture), brightest % 96, 1.5);
        Assert.Equal(double.Parse(test[nose + 1], CultureInfo.InvariantCulture), brightest / 96, 1.5);
    }

    [Fact]
    public async Task A_second_preparation_writes_nothing()
    {
        using TemporaryFolder folder = TestFolder.Create("p1");
        string source = Write(folder, "training", "Luis_Fonsi_21.jpg");
        Write(folder, "test", "Person_9_1.jpg");
        P1Datasets files = await P1Datasets.PrepareAsync(source, folder.File("out"), Cancel);
        await File.WriteAllTextAsync(files.Test, "kept", Cancel);

        await P1Datasets.PrepareAsync(source, folder.File("out"), Cancel);

        Assert.Equal("kept", await File.ReadAllTextAsync(files.Test, Cancel));
    }

    [Fact]
    public async Task A_missing_picture_is_named()
    {
        using TemporaryFolder folder = TestFolder.Create("p1");
        string source = Write(folder, "training", "Luis_Fonsi_21.jpg");
        Write(folder, "test", "Person_9_1.jpg");
        File.Delete(Path.Combine(source, "training", "Luis_Fonsi_21.jpg"));

        UserErrorException error = await Assert.ThrowsAsync<UserErrorException>(() => P1Datasets.PrepareAsync(source, folder.File("out"), Cancel));

        Assert.Contains("Luis_Fonsi_21.jpg cannot be read", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder.File("out"), "*.csv"));
    }

    /// <summary>Writes a part of P1's folder: pictures of 200 × 160 pixels whose brightest place is point 30.</summary>
    private static string Write(TemporaryFolder folder, string part, params string[] files)
    {
        string data = folder.File("data");
        Directory.CreateDirectory(Path.Combine(data, part));
        double[] points = [.. Enumerable.Range(0, 68).SelectMany(i => new[] { 60.0 + (i % 17 * 5), 30.0 + (i / 17 * 25) })];
        using var bitmap = new SKBitmap(200, 160);
        for (int y = 0; y < bitmap.Height; y++)
        {
            for (int x = 0; x < bitmap.Width; x++)
            {
                double square = Math.Pow(x - points[60], 2) + Math.Pow(y - points[61], 2);
                byte grey = (byte)(255 * Math.Exp(-square / 50));
                bitmap.SetPixel(x, y, new SKColor(grey, grey, grey));
            }
        }

        using SKData picture = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        foreach (string file in files)
            File.WriteAllBytes(Path.Combine(data, part, file), picture.ToArray());
        IEnumerable<string> rows = files.Select(file => $"{file},{string.Join(',', points.Select(value => value.ToString(CultureInfo.InvariantCulture)))}");
        File.WriteAllLines(Path.Combine(data, $"{part}_frames_keypoints.csv"), [$",{string.Join(',', Enumerable.Range(0, 136))}", .. rows]);
        return data;
    }
}
