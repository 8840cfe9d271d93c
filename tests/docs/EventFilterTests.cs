using System.Text.RegularExpressions;
using KeypointPipeline.Files;
using KeypointPipeline.Images;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows.Drops;
using Xunit;

namespace KeypointPipeline.Docs.Tests;

/// <summary>The filters of infra/event-subscriptions.bicep against <see cref="DroppedBlob"/>: Event Grid reports the blobs that start
/// something, and no pictures.</summary>
public sealed partial class EventFilterTests
{
    /// <summary>The most values in all advanced filters of an Event Grid subscription.</summary>
    private const int MostValues = 25;

    private static readonly string Template = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "infra", "event-subscriptions.bicep"));

    private static readonly string[] Endings = [FileNames.Csv, FileNames.Tsv, FileNames.Csv + FileNames.Gzip, FileNames.Tsv + FileNames.Gzip, FileNames.Zip];

    /// <summary>Names of blobs that start something in one of the containers, and others.</summary>
    private static readonly string[] Names =
    [
        BlobLayout.ReadyMarker,
        $"faces/{BlobLayout.ReadyMarker}",
        $"people/faces/{BlobLayout.ReadyMarker}",
        .. from ending in (string[])[.. Endings, ".json", ".xml", ".xlsx", ".txt", ".pts", ".yaml", .. ImageNames.Endings]
           from spelled in (string[])[ending, ending.ToUpperInvariant()]
           from name in (string[])[$"faces{spelled}", $"people/faces{spelled}", $"faces{spelled}{SidecarFile.Ending}", $"people/faces{spelled}{SidecarFile.Ending}"]
           select name,
    ];

    [Theory]
    [InlineData(BlobLayout.Datasets)]
    [InlineData(BlobLayout.Images)]
    public void Every_blob_that_starts_something_is_reported(string container)
    {
        string[] starting = [.. Names.Where(name => DroppedBlob.Classify(container, name).Kind != DropKind.Nothing)];

        Assert.NotEmpty(starting);
        Assert.All(starting, name => Assert.True(IsReported(container, name), $"{container}/{name}"));
    }

    [Theory]
    [InlineData(BlobLayout.Datasets)]
    [InlineData(BlobLayout.Images)]
    public void Pictures_and_label_files_beside_them_are_not_reported(string container) => Assert.All(
        (string[])[.. ImageNames.Endings, ".txt", ".pts"],
        ending => Assert.False(IsReported(container, $"faces/a{ending}"), ending));

    [Theory]
    [InlineData(BlobLayout.Datasets)]
    [InlineData(BlobLayout.Images)]
    public void Each_ending_of_a_filter_starts_something_or_is_refused_with_advice(string container) => Assert.All(
        EndingsOf(container),
        ending =>
        {
            DroppedBlob blob = DroppedBlob.Classify(container, $"faces{ending}");
            Assert.True(blob.Kind != DropKind.Nothing || blob.IsRecorded, ending);
        });

    [Theory]
    [InlineData(BlobLayout.Datasets)]
    [InlineData(BlobLayout.Images)]
    public void A_subscription_has_no_more_values_than_Event_Grid_allows(string container) =>
        Assert.InRange(EndingsOf(container).Length + Values(Complete.Match(Template)).Length, 5, MostValues);

    /// <summary>Event Grid compares without regard to case.</summary>
    private static bool IsReported(string container, string name) => EndingsOf(container).Any(
        ending => $"/blobServices/default/containers/{container}/blobs/{name}".EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static string[] EndingsOf(string container) =>
        Values(Subscription.Matches(Template).Single(match => match.Groups["name"].Value == container));

    private static string[] Values(Match match)
    {
        string[] values = [.. match.Groups["values"].Value.Split(',').Select(value => value.Trim().Trim('\''))];
        Assert.DoesNotContain("", values);
        return values;
    }

    [GeneratedRegex(@"^var complete = .*values: \[(?<values>[^\]]+)\]", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Complete { get; }

    [GeneratedRegex(@"name: '(?<name>datasets|images)'\s+function: [^\[]*\[\s*complete,?\s*\{\s*operatorType: 'StringEndsWith',?\s*key: 'subject',?\s*values: \[(?<values>[^\]]+)\]", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Subscription { get; }
}
