using KeypointPipeline.Workflows.Drops;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Workflows.Drops;

public sealed class DroppedBlobTests
{
    [Theory]
    [InlineData("datasets", "training.csv", DropKind.Dataset, "training.csv")]
    [InlineData("datasets", "a b/größer.CSV.GZ", DropKind.Dataset, "a b/größer.CSV.GZ")]
    [InlineData("datasets", "training.zip", DropKind.Dataset, "training.zip")]
    [InlineData("datasets", "sub/training.zip.keypoints.json", DropKind.Sidecar, "sub/training.zip")]
    [InlineData("datasets", "a.csv.gz.Keypoints.JSON", DropKind.Sidecar, "a.csv.gz")]
    [InlineData("datasets", "faces/_READY", DropKind.Dataset, "faces/")]
    [InlineData("datasets", "a b/größer/_READY", DropKind.Dataset, "a b/größer/")]
    [InlineData("datasets", "faces/labels.csv", DropKind.Dataset, "faces/labels.csv")]
    [InlineData("datasets", "faces/0.png", DropKind.Nothing, "")]
    [InlineData("datasets", "faces/face_images.npz", DropKind.Nothing, "")]
    [InlineData("datasets", "faces/keypoints.json", DropKind.Nothing, "")]
    [InlineData("images", "people.zip", DropKind.Batch, "people")]
    [InlineData("images", "two.parts.zip", DropKind.Batch, "two.parts")]
    [InlineData("images", "people/_READY", DropKind.Batch, "people")]
    [InlineData("images", "people/a.jpg", DropKind.Nothing, "")]
    [InlineData("images", "people/more.zip", DropKind.Nothing, "")]
    [InlineData("results", "people.zip", DropKind.Nothing, "")]
    public void A_name_says_what_is_started(string container, string name, DropKind kind, string subject) =>
        Assert.Equal(new DroppedBlob(kind, subject), DroppedBlob.Classify(container, name));

    [Theory]
    [InlineData("datasets", "training.xlsx", ".csv, .tsv, .csv.gz, .tsv.gz or .zip")]
    [InlineData("datasets", "csv", ".csv, .tsv, .csv.gz, .tsv.gz or .zip")]
    [InlineData("datasets", "keypoints.json", ".csv, .tsv, .csv.gz, .tsv.gz or .zip")]
    [InlineData("datasets", "notes.txt.keypoints.json", ".csv, .tsv, .csv.gz, .tsv.gz or .zip")]
    [InlineData("datasets", "person_keypoints.json", "Put it with its pictures into a folder, datasets/{name}/, that the marker _READY completes, or into a zip.")]
    [InlineData("datasets", "labels_ibug_300W.XML", "Put it with its pictures into a folder, datasets/{name}/, that the marker _READY completes, or into a zip.")]
    [InlineData("datasets", "_READY", "datasets/{name}/")]
    [InlineData("datasets", "face_images.npz", "datasets/{name}/, and the marker _READY completes it")]
    [InlineData("images", "loose.jpg", "images/{batch}/")]
    [InlineData("images", ".zip", "images/{batch}/")]
    [InlineData("images", "_READY", "images/{batch}/")]
    [InlineData("images", "people/sub/_READY", "images/people/_READY")]
    public void What_looks_like_a_mistake_is_explained(string container, string name, string hint)
    {
        DroppedBlob drop = DroppedBlob.Classify(container, name);

        Assert.Equal(DropKind.Nothing, drop.Kind);
        Assert.Contains(hint, drop.Warning, StringComparison.Ordinal);
        Assert.Equal(!name.EndsWith(".jpg", StringComparison.Ordinal), drop.IsRecorded);
    }

    [Theory]
    [InlineData("datasets", "../training.csv", "has a part '..'")]
    [InlineData("datasets", "a\\b.csv", "contains a '\\'")]
    [InlineData("datasets", "../_READY", "has a part '..'")]
    [InlineData("datasets", "/_READY", "begins or ends with '/'")]
    [InlineData("datasets", "a\u0007b/_READY", "a control character")]
    [InlineData("images", "../_READY", "has a part '..'")]
    [InlineData("images", "..zip", "has a part '.'")]
    [InlineData("images", "/_READY", "has 0 characters")]
    [InlineData("images", "a\u0007b/_READY", "a control character")]
    public void A_name_that_would_lead_elsewhere_starts_nothing_and_is_explained(string container, string name, string reason)
    {
        DroppedBlob drop = DroppedBlob.Classify(container, name);

        Assert.Equal(DropKind.Nothing, drop.Kind);
        Assert.Contains(reason, drop.Warning, StringComparison.Ordinal);
        Assert.DoesNotContain(drop.Warning!, char.IsControl);
        Assert.True(drop.IsRecorded);
    }

    [Fact]
    public void Names_too_long_for_what_is_made_with_them_start_nothing()
    {
        Assert.Contains("has 904 characters", DroppedBlob.Classify("datasets", new string('x', 900) + ".csv").Warning, StringComparison.Ordinal);
        Assert.Contains("has 201 characters", DroppedBlob.Classify("images", new string('x', 201) + "/_READY").Warning, StringComparison.Ordinal);
        Assert.Equal(DropKind.Batch, DroppedBlob.Classify("images", new string('x', 200) + ".zip").Kind);
    }
}
