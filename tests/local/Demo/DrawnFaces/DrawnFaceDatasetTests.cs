using System.Globalization;
using System.IO.Compression;
using KeypointPipeline.Local.Demo.DrawnFaces;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Local.Tests.Demo.DrawnFaces;

public sealed class DrawnFaceDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = TestFolder.Create("drawn-dataset");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_zip_holds_one_csv_with_Kaggles_header_and_the_rows_asked_for()
    {
        (DrawnFaceDatasetSummary summary, string[] lines) = await WriteAsync(
            new DrawnFaceDatasetOptions(100, 1, WithBadRows: false));

        Assert.StartsWith("left_eye_center_x,left_eye_center_y,right_eye_center_x,", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(",mouth_center_bottom_lip_x,mouth_center_bottom_lip_y,Image", lines[0], StringComparison.Ordinal);
        Assert.Equal(101, lines.Length);
        Assert.Equal(0, summary.Bad);
        foreach (string line in lines.Skip(1))
        {
            string[] cells = line.Split(',');
            Assert.Equal(31, cells.Length);
            Assert.Equal(96 * 96, cells[30].Split(' ').Select(byte.Parse).Count());
        }
    }

    [Fact]
    public async Task Labels_are_missing_as_in_Kaggles_file()
    {
        (DrawnFaceDatasetSummary summary, string[] lines) = await WriteAsync(
            new DrawnFaceDatasetOptions(600, 2, WithBadRows: false));

        int[] labels = [.. lines.Skip(1).Select(line => line.Split(',').Take(30).Count(cell => cell.Length > 0))];
        Assert.Equal(summary.Complete, labels.Count(n => n == 30));
        Assert.InRange(summary.Complete, 140, 220); // 30 %, ±3.5 standard deviations
        Assert.InRange(summary.FourKeypoints, 365, 450);
        Assert.InRange(summary.OtherGaps, 2, 25);
        Assert.Equal(600, summary.Complete + summary.FourKeypoints + summary.OtherGaps);
        string[] header = lines[0].Split(',');
        foreach (string line in lines.Skip(1).Where(line => line.Split(',').Count(cell => cell.Length > 0) == 9))
        {
            Assert.Equal(
                ["left_eye_center", "right_eye_center", "nose_tip", "mouth_center_bottom_lip"],
                line.Split(',').Zip(header)
                    .Where(cell => cell.First.Length > 0 && cell.Second.EndsWith("_x", StringComparison.Ordinal))
                    .Select(cell => cell.Second[..^2]));
        }
    }

    [Fact]
    public async Task A_row_says_where_the_keypoints_of_its_face_are()
    {
        (_, string[] lines) = await WriteAsync(new DrawnFaceDatasetOptions(20, 3, WithBadRows: false));

        for (int row = 0; row < 20; row++)
        {
            using var face = DrawnFace.Draw(3, row, DrawnFaceDataset.Side);
            string[] cells = lines[row + 1].Split(',');
            for (int k = 0; k < face.Keypoints.Count; k++)
            {
                if (cells[2 * k].Length == 0)
                    continue;
                Assert.Equal(face.Keypoints[k].X, float.Parse(cells[2 * k], CultureInfo.InvariantCulture), 1e-4f);
                Assert.Equal(face.Keypoints[k].Y, float.Parse(cells[2 * k + 1], CultureInfo.InvariantCulture), 1e-4f);
            }
        }
    }

    [Fact]
    public async Task Bad_rows_are_put_in_when_asked_and_take_nothing_from_the_good_ones()
    {
        (DrawnFaceDatasetSummary summary, string[] lines) = await WriteAsync(
            new DrawnFaceDatasetOptions(30, 4, WithBadRows: true));
        (_, string[] good) = await WriteAsync(new DrawnFaceDatasetOptions(30, 4, WithBadRows: false));

        Assert.Equal(2, summary.Bad);
        string[] bad = [.. lines.Except(good)];
        Assert.Equal(2, bad.Length);
        Assert.Equal(good, lines.Except(bad));
        Assert.Equal(96 * 96 - 7, bad[0].Split(',')[30].Split(' ').Length);
        Assert.Contains("x", bad[1].Split(',')[20], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_seed_writes_the_same_file_and_replaces_an_older_one()
    {
        string path = _folder.File("training.zip");
        await File.WriteAllTextAsync(path, "older", TestContext.Current.CancellationToken);
        await WriteAsync(new DrawnFaceDatasetOptions(70, 5, WithBadRows: true));
        byte[] once = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        await WriteAsync(new DrawnFaceDatasetOptions(70, 5, WithBadRows: true));
        byte[] again = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(once, again);
    }

    [Fact]
    public async Task A_stopped_writing_leaves_no_file()
    {
        using var stop = new CancellationTokenSource();
        var progress = new StopAtFirstReport(stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DrawnFaceDataset.WriteAsync(
            _folder.File("stopped.zip"), new DrawnFaceDatasetOptions(10_000, 6, WithBadRows: false), progress, stop.Token));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public Task Fewer_rows_than_the_bad_ones_need_between_them_are_refused() => Assert.ThrowsAsync<ArgumentOutOfRangeException>(
        () => DrawnFaceDataset.WriteAsync(
            _folder.File("few.zip"), new DrawnFaceDatasetOptions(2, 1, WithBadRows: true), null, default));

    private async Task<(DrawnFaceDatasetSummary Summary, string[] Lines)> WriteAsync(DrawnFaceDatasetOptions options)
    {
        string path = _folder.File("training.zip");
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        DrawnFaceDatasetSummary summary = await DrawnFaceDataset.WriteAsync(path, options, null, cancellationToken);
        await using ZipArchive zip = await ZipFile.OpenReadAsync(path, cancellationToken);
        ZipArchiveEntry entry = Assert.Single(zip.Entries);
        Assert.Equal("training.csv", entry.FullName);
        using var reader = new StreamReader(await entry.OpenAsync(cancellationToken));
        return (summary, (await reader.ReadToEndAsync(cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private sealed class StopAtFirstReport(CancellationTokenSource stop) : IProgress<int>
    {
        public void Report(int value) => stop.Cancel();
    }
}
