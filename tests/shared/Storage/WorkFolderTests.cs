using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Storage;

public sealed class WorkFolderTests
{
    [Fact]
    public void Datasets_that_an_earlier_version_downloaded_are_found_until_they_are_deleted_with_the_leftovers()
    {
        using TemporaryFolder folder = TestFolder.Create("work");
        var work = new WorkFolder(folder.Path);
        string copy = Directory.CreateDirectory(Path.Combine(folder.Path, "datasets", "ds-1")).FullName;
        Directory.CreateDirectory(work.Models);
        work.CreateTemporary();

        Assert.Equal([copy], work.FindDatasetCopies("ds-1"));
        work.DeleteLeftovers();

        Assert.Empty(work.FindDatasetCopies("ds-1"));
        Assert.Equal([work.Models], Directory.GetDirectories(folder.Path));
    }
}
