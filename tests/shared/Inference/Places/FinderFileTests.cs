using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Finding;
using KeypointPipeline.Inference.Places;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Inference.Places;

public sealed class FinderFileTests
{
    [Theory]
    [InlineData("""{"finder": "whole"}""", FinderKind.Whole)]
    [InlineData("""{"finder": "Faces", "mirror": "none"}""", FinderKind.Faces)]
    [InlineData("""{"frame": "96x96"}""", null)]
    [InlineData("{}", null)]
    public void A_file_states_a_finder_or_nothing(string json, FinderKind? finder) => Assert.Equal(finder, Parse(json));

    [Theory]
    [InlineData("""{"finder": "noses"}""", "keypoints.json, member finder: whole, boxes or faces is expected; it is \"noses\".")]
    [InlineData("""{"finder": 2}""", "keypoints.json, member finder: whole, boxes or faces is expected; it is 2.")]
    [InlineData("""{"findr": "whole"}""", "keypoints.json has a member 'findr', which is unknown; for pictures, finder is known.")]
    [InlineData("[]", "keypoints.json holds []; an object such as {\"finder\": \"whole\"} is expected.")]
    [InlineData("{", "keypoints.json is not JSON")]
    public void A_file_that_cannot_be_used_says_what_is_expected(string json, string message) =>
        Assert.StartsWith(message, Assert.Throws<RejectedFileException>(() => Parse(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("keypoints.json", "keypoints.json", "a.jpg")]
    [InlineData("photos/Keypoints.JSON", "photos/a.jpg", "photos/Keypoints.JSON")]
    [InlineData(null, "a.jpg", "photos/keypoints.json")]
    [InlineData(null, "photos/a.jpg", "photos/sub/keypoints.json")]
    public void It_lies_at_the_root_or_in_the_only_folder(string? found, params string[] paths) => Assert.Equal(found, FinderFile.Find(paths));

    private static FinderKind? Parse(string json) => FinderFile.Parse(new SidecarFile("keypoints.json", Encoding.UTF8.GetBytes(json)));
}
