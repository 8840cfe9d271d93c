using KeypointPipeline.Bench.Ingest;
using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Writing;
using KeypointPipeline.Files;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Bench.Tests.Ingest;

public sealed class KaggleShapedFilesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_readers_find_the_same_pixels()
    {
        using TemporaryFolder folder = TestFolder.Create("rows");
        (string csv, string zip) = await KaggleShapedFiles.WriteAsync(folder.Path, rows: 20, Cancel);

        long fromCsv = await PrepareAsync(DatasetSource.FromFile(csv), folder.File("of-csv"));

        Assert.InRange(fromCsv / (20.0 * 96 * 96), 80, 200);
        Assert.Equal(fromCsv, await PrepareAsync(DatasetSource.FromFile(zip), folder.File("of-zip")));
        OtherReaders.CsvHelper(csv, folder.Path);
        Assert.Equal(fromCsv, OtherReaders.SumBytes(folder.File(OtherReaders.Pixels)));
        OtherReaders.StringSplit(csv, folder.Path);
        Assert.Equal(fromCsv, OtherReaders.SumBytes(folder.File(OtherReaders.Pixels)));
        Assert.Equal(new FileInfo(csv).Length, OtherReaders.Inflate(zip));
    }

    [Fact]
    public async Task A_stream_has_what_the_file_has()
    {
        using TemporaryFolder folder = TestFolder.Create("rows");
        (string csv, _) = await KaggleShapedFiles.WriteAsync(folder.Path, rows: 5, Cancel);
        using var streamed = new MemoryStream();
        await using (Stream stream = KaggleShapedFiles.Open(rows: 5, Cancel))
            await stream.CopyToAsync(streamed, Cancel);

        Assert.Equal(await File.ReadAllBytesAsync(csv, Cancel), streamed.ToArray());
        Assert.Equal(streamed.ToArray().Sum(value => (long)value), OtherReaders.SumBytes(csv));
    }

    private static async Task<long> PrepareAsync(DatasetSource source, string folder)
    {
        PreparationOutcome outcome = await new DatasetPreparation(TimeProvider.System).PrepareAsync(
            source, new PreparedFolder(folder), new DatasetOptions(), progress: null, Cancel);
        Assert.Equal((20, 0), (outcome.Report.RowsAccepted, outcome.Report.RowsRejected));
        return OtherReaders.SumBytes(Path.Combine(folder, PreparedDatasetFiles.Images));
    }
}
