using KeypointPipeline.Datasets;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets;

public sealed class PreparedDatasetTests
{
    [Theory]
    [InlineData(PreparedDatasetFiles.Images, "expected 640 bytes (10 rows of 64), found 639")]
    [InlineData(PreparedDatasetFiles.Keypoints, "expected 80 bytes (10 rows of 8), found 79")]
    [InlineData(PreparedDatasetFiles.Rows, "expected 40 bytes (10 rows of 4), found 39")]
    [InlineData(PreparedDatasetFiles.SplitKeys, "expected 80 bytes (10 rows of 8), found 79")]
    public async Task A_file_of_the_wrong_size_is_refused_by_name(string file, string expected)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(10));
        string path = Path.Combine(prepared.Folder, file);
        await using (FileStream stream = File.OpenWrite(path))
            stream.SetLength(stream.Length - 1);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => PreparedDataset.Open(prepared.Folder));

        Assert.StartsWith($"{path}: {expected}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_is_refused_by_name()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(10));
        string path = Path.Combine(prepared.Folder, PreparedDatasetFiles.SplitKeys);
        File.Delete(path);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => PreparedDataset.Open(prepared.Folder));

        Assert.StartsWith($"{path} is missing: expected 80 bytes", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"datasetId":"ds-1","schema":{"names":["a"],"frameWidth":4,"frameHeight":8},"rows":10,"labels":[1],"source":"a"}""")]
    [InlineData("""{"datasetId":"ds-1","schema":{"names":["a"],"frameWidth":8,"frameHeight":8},"rows":0,"labels":[0],"source":"a"}""")]
    [InlineData("""{"datasetId":"ds-1","schema":{"names":["a"],"frameWidth":8,"frameHeight":8},"rows":10,"labels":[],"source":"a"}""")]
    public async Task A_manifest_that_is_none_is_refused_by_name(string? json)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(10));
        string path = Path.Combine(prepared.Folder, PreparedDatasetFiles.Manifest);
        File.Delete(path);
        if (json is not null)
            await File.WriteAllTextAsync(path, json, TestContext.Current.CancellationToken);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => PreparedDataset.Open(prepared.Folder));

        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10)]
    public async Task A_row_that_is_not_there_is_refused(int row)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(10));

        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => prepared.Dataset.SplitKey(row));

        Assert.StartsWith("The dataset has 10 rows.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_dataset_says_so()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(10));
        PreparedDataset dataset = PreparedDataset.Open(prepared.Folder);
        dataset.Dispose();
        dataset.Dispose();

        Assert.Throws<ObjectDisposedException>(() => dataset.Image(0).Length);
    }
}
