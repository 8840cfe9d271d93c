using KeypointPipeline.Workflows;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Workflows;

public sealed class DroppedBlobTests
{
    [Theory]
    [InlineData("datasets", "training.csv", DropKind.Dataset, "training.csv")]
    [InlineData("datasets", "a b/größer.CSV.GZ", DropKind.Dataset, "a b/größer.CSV.GZ")]
    [InlineData("datasets", "training.zip", DropKind.Dataset, "training.zip")]
    [InlineData("images", "people.zip", DropKind.Batch, "people")]
    [InlineData("images", "two.parts.zip", DropKind.Batch, "two.parts")]
    [InlineData("images", "people/_READY", DropKind.Batch, "people")]
    [InlineData("images", "people/a.jpg", DropKind.Nothing, "")]
    [InlineData("images", "people/more.zip", DropKind.Nothing, "")]
    [InlineData("results", "people.zip", DropKind.Nothing, "")]
    public void A_name_says_what_is_started(string container, string name, DropKind kind, string subject) =>
        Assert.Equal(new DroppedBlob(kind, subject), DroppedBlob.Classify(container, name));

    [Theory]
    [InlineData("datasets", "training.xlsx", ".csv, .csv.gz, .zip")]
    [InlineData("datasets", "csv", ".csv, .csv.gz, .zip")]
    [InlineData("images", "loose.jpg", "images/{batch}/")]
    [InlineData("images", ".zip", "images/{batch}/")]
    [InlineData("images", "_READY", "images/{batch}/")]
    [InlineData("images", "people/sub/_READY", "images/people/_READY")]
    public void What_looks_like_a_mistake_is_explained(string container, string name, string hint)
    {
        DroppedBlob drop = DroppedBlob.Classify(container, name);

        Assert.Equal(DropKind.Nothing, drop.Kind);
        Assert.Contains(hint, drop.Warning, StringComparison.Ordinal);
    }
}
