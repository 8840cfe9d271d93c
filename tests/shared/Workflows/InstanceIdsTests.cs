using FsCheck.Xunit;
using KeypointPipeline.Workflows;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Workflows;

public sealed class InstanceIdsTests
{
    [Fact]
    public void The_same_event_gives_the_same_readable_id_with_or_without_quotes_round_its_etag()
    {
        string id = InstanceIds.Ingest("faces/Training Set.zip", "\"0x8D\"");

        Assert.Equal(id, InstanceIds.Ingest("faces/Training Set.zip", "0x8D"));
        Assert.StartsWith("ingest-faces-training-set-zip-", id, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_content_or_another_name_gives_another_id()
    {
        string id = InstanceIds.Batch("a b", "1");

        Assert.NotEqual(id, InstanceIds.Batch("a b", "2"));
        Assert.NotEqual(id, InstanceIds.Batch("a-b", "1"));
        Assert.NotEqual(id, InstanceIds.Ingest("a b", "1"));
        Assert.NotEqual(InstanceIds.Ingest("a b", "1", "2"), InstanceIds.Ingest("a b", "1"));
        Assert.Equal(InstanceIds.Ingest("a b", "1", "2"), InstanceIds.Ingest("a b", "\"1\"", "\"2\""));
    }

    [Property]
    public bool Any_name_gives_an_id_that_fits_a_url_a_blob_name_and_a_file_name(string? name, string? etag)
    {
        string id = InstanceIds.Ingest(name ?? "", etag ?? "");

        return id.Length <= 80 && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
    }

    [Property]
    public bool Only_a_childs_id_names_a_parent(string? name, string? etag, DateTime time, int number)
    {
        var utc = new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc));
        string[] roots =
        [
            InstanceIds.Ingest(name ?? "", etag ?? ""),
            InstanceIds.Batch(name ?? "", etag ?? ""),
            InstanceIds.ScheduledRetrain(utc),
            InstanceIds.RequestedRetrain(utc),
        ];

        return roots.All(root =>
            InstanceIds.ParentOf(root) is null
            && InstanceIds.ParentOf(InstanceIds.Training(root)) == root
            && InstanceIds.RootOf(root) == root
            && InstanceIds.RootOf(InstanceIds.ChunkGroup(InstanceIds.Section(InstanceIds.SectionNode(root, 3), number & int.MaxValue), 7)) == root
            && InstanceIds.ParentOf(InstanceIds.ChunkGroup(root, number & int.MaxValue)) == root
            && InstanceIds.ParentOf(InstanceIds.Listing(root, number & int.MaxValue)) == root
            && InstanceIds.ParentOf(InstanceIds.SectionNode(root, number & int.MaxValue)) == root
            && InstanceIds.ParentOf(InstanceIds.Section(root, number & int.MaxValue)) == root);
    }

    [Theory]
    [InlineData("batch-may-g0001-0123456789ab", null)]
    [InlineData("batch-may-0123456789ab-g0000", "batch-may-0123456789ab")]
    [InlineData("batch-may-0123456789ab-g123456", "batch-may-0123456789ab")]
    [InlineData("batch-may-0123456789ab-n0001-s0064-g0003", "batch-may-0123456789ab-n0001-s0064")]
    [InlineData("batch-may-b12345678901", null)]
    [InlineData("train-retrain-20261124-030000", "retrain-20261124-030000")]
    public void A_batch_may_be_named_like_a_child(string id, string? parent) => Assert.Equal(parent, InstanceIds.ParentOf(id));
}
