using KeypointPipeline.Errors;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TrainerJob.Tests.Support;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Commands;

public sealed class RefusedTrainingTests
{
    [Fact]
    public async Task A_training_that_does_not_fit_into_memory_is_refused_and_its_folder_takes_other_settings()
    {
        using TemporaryFolder folder = TestFolder.Create("refused");
        string data = TinyFaces.WriteCsv(folder.File("faces.csv"), rows: 40, seed: 1);
        string[] arguments = ["train", "--data", data, "--out", folder.File("out"), "--epochs", "1", "--network"];
        using var refused = new TrainerProcess([.. arguments, "ml-resnet"], memory: "100MB");

        (int code, string output, string error) = await refused.EndAsync(TestContext.Current.CancellationToken);
        using var smaller = new TrainerProcess([.. arguments, "ml-resnet-small"], memory: "12GB");
        (int trained, _, string reason) = await smaller.EndAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.DoesNotFit, code);
        Assert.Contains("The training does not fit into memory: ml-resnet, 24×24 frames, 40 rows, 64 images a step", error, StringComparison.Ordinal);
        Assert.Contains("KEYPOINTS_MEMORY allows 100 MB", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.EndsWith("Nothing was trained; the reason is above.", output.TrimEnd(), StringComparison.Ordinal);
        Assert.True(trained == ExitCodes.Success, reason);
    }
}
