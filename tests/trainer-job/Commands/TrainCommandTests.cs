using System.CommandLine;
using KeypointPipeline.Models;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TrainerJob.Commands;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.TrainerJob.Tests.Support;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Commands;

public sealed class TrainCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = TestFolder.Create("train");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ended_by_a_signal_it_saves_and_the_command_it_names_ends_at_the_same_model()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no signals");
        string data = TinyFaces.WriteCsv(_folder.File("faces.csv"), rows: 40, seed: 1);
        await TrainAsync(data, "undisturbed");

        string command;
        using (var stopped = new TrainerProcess(Arguments(data, "stopped"), calledAs: WriteTool()))
        {
            await TrainerProcess.WaitForAsync(stopped.Output, "epoch 3 of 30", Cancellation);
            await stopped.TerminateAsync(Cancellation);
            (int code, string output, _) = await stopped.EndAsync(Cancellation);
            Assert.Equal(TrainerExitCode.Stopped, code);
            Assert.True(File.Exists(_folder.File("stopped/checkpoint.bin")));
            command = output.TrimEnd().Split("Stopped. Continue with: ")[^1];
        }

        using var refused = new TrainerProcess(Arguments(data, "stopped"));
        (int refusedCode, _, string reason) = await refused.EndAsync(Cancellation);
        Assert.Equal(TrainerExitCode.Usage, refusedCode);
        Assert.Contains("--resume", reason, StringComparison.Ordinal);

        using var resumed = TrainerProcess.FromShell(command);
        (int resumedCode, _, string error) = await resumed.EndAsync(Cancellation);
        Assert.True(resumedCode == TrainerExitCode.Completed, $"{command}: {error}");
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

    [Fact]
    public async Task Stated_mirror_pairs_are_printed_and_kept_in_the_model()
    {
        string data = TinyFaces.WriteCsv(_folder.File("faces.csv"), rows: 40, seed: 1);
        using var trainer = new TrainerProcess(
            ["train", "--data", data, "--mirror", "Left Eye:mouth,right_eye", "--out", _folder.File("out"), "--epochs", "1"]);

        (int code, string output, string error) = await trainer.EndAsync(Cancellation);

        Assert.True(code == TrainerExitCode.Completed, error);
        Assert.Contains("1 mirror pair as stated: left_eye:mouth", output, StringComparison.Ordinal);
        using KeypointModel model = KeypointModel.Open(_folder.File("out/model.onnx"));
        Assert.Equal([2, 1, 0], model.Schema.MirrorMap);
        Assert.Equal([1], model.Schema.OneSided);
        using var other = new TrainerProcess(["train", "--data", data, "--mirror", "none", "--out", _folder.File("out"), "--resume"]);
        (int otherCode, _, string reason) = await other.EndAsync(Cancellation);
        Assert.Equal(TrainerExitCode.Usage, otherCode);
        Assert.Contains("was started with other mirror pairs", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nose:left_eye", "--mirror: 'nose' is not a keypoint. The keypoints are left_eye, right_eye, mouth.")]
    [InlineData("left_eye", "--mirror: there is no pair of two names.")]
    public async Task Mirror_pairs_that_cannot_be_used_are_answered_with_the_reason(string pairs, string expected)
    {
        string data = TinyFaces.WriteCsv(_folder.File("faces.csv"), rows: 40, seed: 1);
        using var trainer = new TrainerProcess(["train", "--data", data, "--mirror", pairs, "--out", _folder.File("out")]);

        (int code, _, string error) = await trainer.EndAsync(Cancellation);

        Assert.Equal(TrainerExitCode.Usage, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
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

    [Theory]
    [InlineData(null, "keypoint-trainer")]
    [InlineData("./keypoints", "keypoints")]
    public async Task Help_speaks_of_the_program_that_the_user_called(string? calledAs, string name)
    {
        using var trainer = new TrainerProcess(["train", "--help"], calledAs: calledAs);

        (int code, string output, _) = await trainer.EndAsync(Cancellation);

        Assert.Equal(TrainerExitCode.Completed, code);
        Assert.Contains($"{name} train [options]", output, StringComparison.Ordinal);
        Assert.Contains($"  {calledAs ?? name} train --data ", output, StringComparison.Ordinal);
        Assert.Equal(calledAs is null, output.Contains(TrainerCommandLine.Program, StringComparison.Ordinal));
    }

    [Fact]
    public void Help_lists_every_network_and_every_default()
    {
        Command command = TrainCommand.Create(new CalledProgram("keypoints"));
        string[] lines = command.Description!.Split('\n');
        var defaults = new TrainingSettings();

        Assert.All(NetworkRegistry.All, network => Assert.Contains(lines, line =>
            line.StartsWith($"  {network.Name} ", StringComparison.Ordinal)
            && line.EndsWith(network.Description + (network.Name == defaults.Network ? " (default)" : ""), StringComparison.Ordinal)));
        Assert.Contains(NetworkRegistry.All, network => network.Name == defaults.Network);
        Assert.EndsWith($"(default {TrainingLength.Description})", Description("--epochs"), StringComparison.Ordinal);
        Assert.EndsWith($"(default {defaults.Seed})", Description("--seed"), StringComparison.Ordinal);
        Assert.EndsWith($"(default {defaults.Network})", Description("--network"), StringComparison.Ordinal);
        Assert.EndsWith($"(default {defaults.BatchSize})", Description("--batch-size"), StringComparison.Ordinal);

        string Description(string option) => command.Options.Single(candidate => candidate.Name == option).Description!;
    }

    [Fact]
    public async Task An_unknown_option_is_named_and_is_a_usage_error()
    {
        using var trainer = new TrainerProcess(["train", "--data", "faces.csv", "--out", _folder.File("out"), "--learning-rate", "1"]);

        (int code, _, string error) = await trainer.EndAsync(Cancellation);

        Assert.Equal(TrainerExitCode.Usage, code);
        Assert.Contains("--learning-rate", error, StringComparison.Ordinal);
        Assert.Contains("keypoint-trainer train --help", error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A tool that passes its command line on to the trainer, as <c>./keypoints</c> does. Its path needs quoting.</summary>
    private string WriteTool()
    {
        string tool = _folder.File("keypoints");
        File.WriteAllText(tool, $"#!/bin/sh\nexec dotnet '{TrainerProcess.Assembly}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return tool;
    }

    private string[] Arguments(string data, string output) =>
        ["train", "--data", data, "--out", _folder.File(output), "--epochs", "30", "--network", "ml-resnet-small", "--batch-size", "20"];

    private async Task TrainAsync(string data, string output)
    {
        using var trainer = new TrainerProcess(Arguments(data, output));
        (int code, _, string error) = await trainer.EndAsync(Cancellation);
        Assert.True(code == TrainerExitCode.Completed, error);
    }
}
