using KeypointPipeline.Storage;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Storage;

public sealed class DatasetPathTests
{
    [Theory]
    [InlineData("a.csv", "a.csv", null)]
    [InlineData("sub/a.csv", "sub/a.csv", "sub/")]
    [InlineData("faces/", "faces/_READY", "faces/")]
    [InlineData("a/faces/", "a/faces/_READY", "a/faces/")]
    public void A_folder_is_known_by_its_marker_and_a_file_by_itself(string path, string blob, string? around)
    {
        Assert.Equal(blob, DatasetPath.BlobOf(path));
        Assert.Equal(around, DatasetPath.FolderAround(path));
        Assert.Equal(DatasetPath.IsFolder(path) ? path : null, DatasetPath.FolderOfMarker(blob));
        Assert.Null(DatasetPath.FindProblem(path));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("a/../")]
    [InlineData("a\\b/")]
    public void A_folder_that_no_blob_can_lie_in_has_a_problem(string path) => Assert.NotNull(DatasetPath.FindProblem(path));
}
