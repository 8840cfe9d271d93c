using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows.Drops;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Workflows.Drops;

public sealed class UnstartedBlobTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("datasets", "team a/größer+100%.csv", "datasets/team a/größer+100%.csv.unstarted.json")]
    [InlineData("datasets", "a\\b.csv", "datasets/a%5Cb.csv.unstarted.json")]
    [InlineData("datasets", "größer\\100%.csv", "datasets/größer%5C100%25.csv.unstarted.json")]
    [InlineData("datasets", "../models/./a.csv", "datasets/%2E%2E/models/%2E/a.csv.unstarted.json")]
    [InlineData("images", "a\u0007b.zip", "images/a%07b.zip.unstarted.json")]
    public void The_record_has_the_blobs_name_as_far_as_a_blob_may_have_it(string container, string name, string record) =>
        Assert.Equal(record, UnstartedBlob.RecordOf(container, name));

    [Fact]
    public void Every_name_has_a_record_that_a_blob_can_have()
    {
        foreach (string name in StrangeNames.Some(combinations: 2_000))
        {
            string record = UnstartedBlob.RecordOf(BlobLayout.Images, name);

            Assert.True(BlobName.FindProblem(record) is null, $"{record} {BlobName.FindProblem(record)}");
            Assert.StartsWith("images/", record, StringComparison.Ordinal);
            Assert.EndsWith(UnstartedBlob.NameEnding, record, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Long_names_that_differ_at_their_end_have_different_records()
    {
        string[] records = [.. "ab".Select(end => UnstartedBlob.RecordOf(BlobLayout.Datasets, new string('顔', 1015) + end))];

        Assert.NotEqual(records[0], records[1]);
    }

    [Fact]
    public async Task A_record_can_be_stored_and_keeps_the_exact_name()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        var record = new UnstartedBlob("datasets/a\\\u0007b.csv", null, DateTimeOffset.UnixEpoch, "reason");
        string name = UnstartedBlob.RecordOf(BlobLayout.Datasets, "a\\\u0007b.csv");

        await storage.WriteAsync(BlobLayout.Rejected, name, record, Cancel);

        Assert.Equal(record, (await storage.ReadAsync<UnstartedBlob>(BlobLayout.Rejected, name, Cancel))!.Value);
        Assert.Equal([name], await storage.ListAsync(BlobLayout.Rejected, prefix: null, Cancel).Select(blob => blob.Name).ToListAsync(Cancel));
    }
}
