using KeypointPipeline.Api;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Local.Commands.Data;
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
                "  http://host/api/batches/my%20photos/files/keypoints.csv  coordinates, a row for each image",
                "  http://host/api/batches/my%20photos/files/errors.csv  images that failed, with the reasons",
                "  Download all 4 files: ./keypoints results \"my photos\" --out DIR",
            ],
            ResultsText.Stored(Detail("my photos", failed: 1), path => $"http://host{path}"));
    }

    [Fact]
    public void Where_an_address_needs_a_key_only_the_download_is_named()
    {
        Assert.Equal(
            ["photos: 3 of 3 images predicted by model v1, 2026-11-27 02:30 UTC", "  Download all 4 files: ./keypoints results photos --out DIR"],
            ResultsText.Stored(Detail("photos", failed: 0), _ => null));
    }

    [Fact]
    public void Downloaded_results_name_the_files_and_what_may_be_wrong()
    {
        BatchDetail detail = Detail("photos", failed: 0) with { Warning = "Some files are newer." };

        Assert.Equal(
            [
                "photos: 3 of 3 images predicted by model v1, 2026-11-27 02:30 UTC. 4 files in out:",
                $"  {Path.Combine("out", "report.html")}  open it in a browser",
                $"  {Path.Combine("out", "keypoints.csv")}  coordinates, a row for each image",
                "Warning: Some files are newer.",
            ],
            ResultsText.Downloaded(detail, "out"));
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
        [.. ((string[])["errors.csv", "keypoints.csv", "report.html", "summary.json"]).Select(name => new ResultFileInfo(name, 1, "\"1\"", Finished))],
        LabelGaps.None);
}
