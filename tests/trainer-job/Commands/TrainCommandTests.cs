using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TrainerJob.Tests.Support;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Commands;

public sealed class TrainCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = TestFolder.Create("train");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ended_by_a_signal_it_saves_and_a_resumed_training_ends_at_the_same_model()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no signals");
        string data = TinyFaces.WriteCsv(_folder.File("faces.csv"), rows: 40, seed: 1);
        await TrainAsync(data, "undisturbed");

        using (var stopped = new TrainerProcess(Arguments(data, "stopped")))
        {
            await TrainerProcess.WaitForAsync(stopped.Output, "epoch 3 of 30", Cancellation);
            await stopped.TerminateAsync(Cancellation);
            (int code, string output, _) = await stopped.EndAsync(Cancellation);
            Assert.Equal(TrainerExitCode.Stopped, code);
            Assert.Contains("--resume", output, StringComparison.Ordinal);
            Assert.True(File.Exists(_folder.File("stopped/checkpoint.bin")));
        }

        using var refused = new TrainerProcess(Arguments(data, "stopped"));
        (int refusedCode, _, string reason) = await refused.EndAsync(Cancellation);
        Assert.Equal(TrainerExitCode.Usage, refusedCode);
        Assert.Contains("--resume", reason, StringComparison.Ordinal);

        using var resumed = new TrainerProcess(["train", "--data", data, "--out", _folder.File("stopped"), "--resume"]);
        Assert.Equal(TrainerExitCode.Completed, (await resumed.EndAsync(Cancellation)).ExitCode);
        Assert.Equal(
            await File.ReadAllBytesAsync(_folder.File("undisturbed/model.onnx"), Cancellation),
            await File.ReadAllBytesAsync(_folder.File("stopped/model.onnx"), Cancellation));
    }

    [Fact]
    public async Task All_rows_are_trained_on_when_others_are_given_to_measure_on()
    {
        string data = TinyFaces.WriteCsv(_folder.File("faces.csv"), rows: 40, seed: 1);
        string validation = TinyFaces.WriteCsv(_folder.File("others.csv"), rows: 12, seed: 2);
        using var trainer = new TrainerProcess(
            ["train", "--data", data, "--validation", validation, "--out", _folder.File("out"), "--epochs", "1", "--network", "ml-resnet-small"]);

        (int code, string output, string error) = await trainer.EndAsync(Cancellation);

        Assert.True(code == TrainerExitCode.Completed, error);
        Assert.Matches("epoch 1 of 1 .* validation [0-9.]+ px", output);
        string result = await File.ReadAllTextAsync(_folder.File("out/result.json"), Cancellation);
        Assert.Contains("\"trainingRows\": 40", result, StringComparison.Ordinal);
        Assert.Contains("\"validationRows\": 12", result, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-file.csv", "There is no file or folder")]
    [InlineData("broken.csv", "cannot be used")]
    public async Task Data_that_cannot_be_used_is_answered_with_the_reason(string file, string expected)
    {
        await File.WriteAllTextAsync(_folder.File("broken.csv"), "a,b\n1,2\n", Cancellation);
        using var trainer = new TrainerProcess(["train", "--data", _folder.File(file), "--out", _folder.File("out")]);

        (int code, _, string error) = await trainer.EndAsync(Cancellation);

        Assert.Equal(TrainerExitCode.Usage, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string[] Arguments(string data, string output) =>
        ["train", "--data", data, "--out", _folder.File(output), "--epochs", "30", "--network", "ml-resnet-small", "--batch-size", "20"];

    private async Task TrainAsync(string data, string output)
    {
        using var trainer = new TrainerProcess(Arguments(data, output));
        (int code, _, string error) = await trainer.EndAsync(Cancellation);
        Assert.True(code == TrainerExitCode.Completed, error);
    }
}
