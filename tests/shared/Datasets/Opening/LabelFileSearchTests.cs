using KeypointPipeline.Datasets.Opening;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets.Opening;

public sealed class LabelFileSearchTests
{
    private const string LabelMe = """{"version":"5.5.0","flags":{},"shapes":[],"imagePath":"a.png"}""";

    /// <summary>Otherwise a damaged file would be left out without a word if it comes before the others.</summary>
    [Fact]
    public async Task With_a_file_for_each_picture_files_before_and_after_the_recognised_ones_are_label_files_too()
    {
        await using var set = new MemoryFileSet(("0.json", "{"), ("1.json", LabelMe), ("2.json", LabelMe), ("3.json", LabelMe), ("4.json", ""), ("keypoints.json", "{}"), ("a.png", ""));

        IReadOnlyList<PictureLabels> found = await LabelFileSearch.FindAsync(set, _ => false, TestContext.Current.CancellationToken);

        Assert.Equal(["0.json", "1.json", "2.json", "3.json", "4.json"], Assert.Single(found).LabelFiles.Select(file => file.Path));
    }
}
