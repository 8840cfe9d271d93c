using System.Text.Json;
using KeypointPipeline.Api;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Local.Commands;
using KeypointPipeline.Local.Commands.Data;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using KeypointPipeline.Workflows;
using Xunit;

namespace KeypointPipeline.Local.Tests.Commands.Data;

public sealed class ResultsTextTests
{
    private static readonly DateTimeOffset Finished = new(2026, 11, 27, 2, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Stored_results_say_where_the_report_is_and_how_to_download_all()
    {
        Assert.Equal(
            [
                "my photos: 2 of 3 images predicted by model v1, 2026-11-27 02:30 UTC",
                "  http://host/api/batches/my%20photos/files/report.html  open it in a browser",
                "  http://host/api/batches/my%20photos/files/keypoints.csv  coordinates, a row for each face or other instance",
                "  http://host/api/batches/my%20photos/files/coco.json  the coordinates for labelling tools",
                "  http://host/api/batches/my%20photos/files/errors.csv  images without keypoints, with the reasons",
                "  Download all 5 files: ./keypoints results \"my photos\" --out DIR",
            ],
            ResultsText.Stored(Detail("my photos", failed: 1), path => $"http://host{path}"));
    }

    [Fact]
    public void Where_an_address_needs_a_key_only_the_download_is_named()
    {
        Assert.Equal(
            ["photos: 3 of 3 images predicted by model v1, 2026-11-27 02:30 UTC", "  Download all 5 files: ./keypoints results photos --out DIR"],
            ResultsText.Stored(Detail("photos", failed: 0), _ => null));
    }

    [Fact]
    public void Downloaded_results_name_the_files_and_what_may_be_wrong()
    {
        BatchDetail detail = Detail("photos", failed: 0) with { Warning = "Some files are newer." };

        Assert.Equal(
            [
                "photos: 3 of 3 images predicted by model v1, 2026-11-27 02:30 UTC. 5 files in out:",
                $"  {Path.Combine("out", "report.html")}  open it in a browser",
                $"  {Path.Combine("out", "keypoints.csv")}  coordinates, a row for each face or other instance",
                $"  {Path.Combine("out", "coco.json")}  the coordinates for labelling tools",
                "Warning: Some files are newer.",
            ],
            ResultsText.Downloaded(detail, "out"));
    }

    [Fact]
    public void Of_tables_in_parts_the_first_is_named_and_where_the_others_are_listed()
    {
        var detail = new BatchDetail(
            new BatchInfo("photos", Finished, "v1", 300_000, 299_999, 1),
            [
                .. ((string[])["coco-00000.json", "errors-00000.csv", "errors-00001.csv", "keypoints-00000.csv", "keypoints-00001.csv", "report.html", "summary.json"])
                    .Select(name => new ResultFileInfo(name, 1, "\"1\"", Finished)),
            ],
            LabelGaps.None);

        Assert.Equal(
            [
                "photos: 299,999 of 300,000 images predicted by model v1, 2026-11-27 02:30 UTC. 7 files in out:",
                $"  {Path.Combine("out", "report.html")}  open it in a browser",
                $"  {Path.Combine("out", "keypoints-00000.csv")}  coordinates, a row for each face or other instance; summary.json lists all parts",
                $"  {Path.Combine("out", "coco-00000.json")}  the coordinates for labelling tools; summary.json lists all parts",
                $"  {Path.Combine("out", "errors-00000.csv")}  images without keypoints, with the reasons; summary.json lists all parts",
            ],
            ResultsText.Downloaded(detail, "out"));
    }

    [Theory]
    [InlineData(1, "1 of 9 images could not be predicted; results/photos/errors.csv says why.")]
    [InlineData(3, "1 of 9 images could not be predicted; results/photos/errors-00000.csv to errors-00002.csv say why.")]
    public void A_batch_with_failed_images_names_the_tables_with_the_reasons(int parts, string reason)
    {
        var output = new InferBatchOutput("photos", "v1", 9, 8, 1, "results/photos/", PassedOver: null, parts);
        var ended = new WorkflowStatus(
            InferBatch.Ref.Name, "batch-photos", WorkflowRuntimeStatus.Completed, null, null, JsonSerializer.SerializeToElement(output, PipelineJson.Compact), Finished, Finished);

        Assert.Equal(new InstanceOutcome(true, reason), InstanceOutcome.Of(ended));
    }

    [Fact]
    public void A_batch_that_is_being_listed_says_how_many_images_were_found_so_far()
    {
        Assert.Equal("listing, 100,000 images", Describe(new BatchProgress("listing", 100_000, ModelVersion: "v1")));
        Assert.Equal("predicting, 5 of 9 images, 1 failed", Describe(new BatchProgress("predicting", 9, 4, 1, "v1")));

        static string Describe(BatchProgress progress) => InstanceText.Describe(new WorkflowStatus(
            InferBatch.Ref.Name, "batch-photos", WorkflowRuntimeStatus.Running, null, JsonSerializer.SerializeToElement(progress, PipelineJson.Compact), null, Finished, Finished));
    }

    [Fact]
    public void A_training_says_what_became_of_its_model()
    {
        Assert.Equal(
            ["  No training: nothing changed"],
            DropEnding.Training(new TrainModelOutput(false, null, false, "nothing changed", null)));
        Assert.Equal(
            ["  Trained model v2, not measured. It is the champion; promoted: it is the first", "  Download it: ./keypoints models download v2 --out DIR"],
            DropEnding.Training(new TrainModelOutput(true, "v2", true, "promoted: it is the first", null)));
        Assert.Equal(
            "  Trained model v3, not measured. It did not become the champion; not promoted: it is worse",
            DropEnding.Training(new TrainModelOutput(true, "v3", false, "not promoted: it is worse", null)).First());
    }

    private static BatchDetail Detail(string batch, int failed) => new(
        new BatchInfo(batch, Finished, "v1", 3, 3 - failed, failed),
        [.. ((string[])["coco.json", "errors.csv", "keypoints.csv", "report.html", "summary.json"]).Select(name => new ResultFileInfo(name, 1, "\"1\"", Finished))],
        LabelGaps.None);
}
