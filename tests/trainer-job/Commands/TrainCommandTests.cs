using System.CommandLine;
using KeypointPipeline.Errors;
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
            Assert.Equal(ExitCodes.Stopped, code);
            Assert.True(File.Exists(_folder.File("stopped/checkpoint.bin")));
            command = output.TrimEnd().Split("Stopped. Continue with: ")[^1];
        }

        using var refused = new TrainerProcess(Arguments(data, "stopped"));
        (int refusedCode, _, string reason) = await refused.EndAsync(Cancellation);
        Assert.Equal(ExitCodes.Usage, refusedCode);
        Assert.Contains("--resume", reason, StringComparison.Ordinal);

        using var resumed = TrainerProcess.FromShell(command);
        (int resumedCode, _, string error) = await resumed.EndAsync(Cancellation);
        Assert.True(resumedCode == ExitCodes.Success, $"{command}: {error}");
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

        Assert.True(code == ExitCodes.Success, error);
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

        Assert.True(code == ExitCodes.Success, error);
        Assert.Contains("1 mirror pair as stated: left_eye:mouth", output, StringComparison.Ordinal);
        using KeypointModel model = KeypointModel.Open(_folder.File("out/model.onnx"));
        Assert.Equal([2, 1, 0], model.Schema.MirrorMap);
        Assert.Equal([1], model.Schema.OneSided);
        using var other = new TrainerProcess(["train", "--data", data, "--mirror", "none", "--out", _folder.File("out"), "--resume"]);
        (int otherCode, _, string reason) = await other.EndAsync(Cancellation);
        Assert.Equal(ExitCodes.Usage, otherCode);
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

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenth_of_the_rows_measures_the_model()
    {
        string data = TinyFaces.WriteCsv(_folder.File("faces.csv"), rows: 400, seed: 1);

        (string output, string result) = await SucceedAsync("--data", data);

        Assert.Contains("320 rows train, 40 validate, 40 test (40 independent).", output, StringComparison.Ordinal);
        Assert.Matches("model.onnx: 1 epochs, validation error [0-9.]+ px, test error [0-9.]+ px on 40 rows of 40 groups, [0-9]+ s", output);
        Assert.Contains($"Learning curve: {_folder.File("out/learning-curve.svg")} and learning-curve.png", output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.File("out/learning-curve.svg")) && File.Exists(_folder.File("out/learning-curve.png")));
        Assert.Contains("\"trainingRows\": 320", result, StringComparison.Ordinal);
        Assert.Matches("\"testRmse\": [0-9.]+,\\s*\"testRows\": 40,\\s*\"testComponents\": 40", result);
        Assert.True(File.Exists(_folder.File("out/rows.bin")));
    }

    [Fact]
    public async Task A_file_for_the_test_measures_the_model_and_validation_rows_are_held_out()
    {
        string data = TinyFaces.WriteCsv(_folder.File("faces.csv"), rows: 200, seed: 1);
        string test = TinyFaces.WriteCsv(_folder.File("others.csv"), rows: 12, seed: 2);

        (string output, string result) = await SucceedAsync("--data", data, "--test", test);

        Assert.Contains("180 rows train, 20 validate, 12 test", output, StringComparison.Ordinal);
        Assert.Contains("on 12 rows of 12 groups, too few to measure it", output, StringComparison.Ordinal);
        Assert.Contains("\"testRows\": 12", result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_share_a_picture_with_the_validation_file_are_left_out_and_counted()
    {
        string data = TinyFaces.WriteCsv(_folder.File("faces.csv"), rows: 40, seed: 1);
        string validation = TinyFaces.WriteCsv(_folder.File("some.csv"), rows: 12, seed: 1);

        (string output, string result) = await SucceedAsync("--data", data, "--validation", validation);

        Assert.Contains("12 are left out, because they share a picture or a group with a given file", output, StringComparison.Ordinal);
        Assert.Contains("\"trainingRows\": 28", result, StringComparison.Ordinal);
        Assert.Contains("\"validationRows\": 12", result, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mouth,left_eye,right_eye", null)]
    [InlineData("LEFT-EYE,RIGHT-EYE,MOUTH", null)]
    [InlineData("right_eye,left_eye", "--validation: Keypoints that differ: others.csv has no mouth.")]
    [InlineData("left_eye,chin", "--validation: Keypoints that differ: faces.csv has no chin; others.csv has no right_eye, mouth.")]
    public async Task Columns_of_the_validation_file_match_by_name_and_those_that_differ_are_named(string columns, string? difference)
    {
        string data = TinyFaces.WriteCsv(_folder.File("faces.csv"), rows: 40, seed: 1);
        string validation = await WriteOthersAsync(columns);

        (string output, string result) = await SucceedAsync("--data", data, "--validation", validation);

        Assert.Contains("\"validationRows\": 12", result, StringComparison.Ordinal);
        if (difference is null)
            Assert.DoesNotContain("Keypoints that differ", output, StringComparison.Ordinal);
        else
            Assert.Contains(difference, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_validation_file_of_other_keypoints_is_a_usage_error_that_names_the_columns()
    {
        string data = TinyFaces.WriteCsv(_folder.File("faces.csv"), rows: 40, seed: 1);
        using var trainer = new TrainerProcess(
            ["train", "--data", data, "--validation", await WriteOthersAsync("paw,tail"), "--out", _folder.File("out")], calledAs: "./keypoints");

        (int code, string output, string error) = await trainer.EndAsync(Cancellation);

        Assert.Equal(ExitCodes.Usage, code);
        Assert.StartsWith(
            "others.csv has none of the keypoints of faces.csv. It has paw, tail; faces.csv has left_eye, right_eye, mouth.", error, StringComparison.Ordinal);
        Assert.DoesNotContain(TrainerCommandLine.Program, output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_of_which_every_row_is_in_the_validation_file_trains_and_warns_that_the_error_says_nothing()
    {
        string data = TinyFaces.WriteCsv(_folder.File("faces.csv"), rows: 40, seed: 1);
        using var trainer = new TrainerProcess(
            ["train", "--data", data, "--validation", data, "--out", _folder.File("out"), "--epochs", "1", "--network", "ml-resnet-small"]);

        (int code, string output, _) = await trainer.EndAsync(Cancellation);

        Assert.Equal(ExitCodes.Success, code);
        Assert.Contains("40 rows train, 40 validate", output, StringComparison.Ordinal);
        Assert.EndsWith("The errors on that file say nothing about other pictures.", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-file.csv", "There is no file or folder")]
    [InlineData("broken.csv", "cannot be used")]
    public async Task Data_that_cannot_be_used_is_answered_with_the_reason(string file, string expected)
    {
        await File.WriteAllTextAsync(_folder.File("broken.csv"), "a,b\n1,2\n", Cancellation);
        using var trainer = new TrainerProcess(["train", "--data", _folder.File(file), "--out", _folder.File("out")]);

        (int code, _, string error) = await trainer.EndAsync(Cancellation);

        Assert.Equal(ExitCodes.Usage, code);
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

        Assert.Equal(ExitCodes.Success, code);
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

        Assert.Equal(ExitCodes.Usage, code);
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

    /// <summary>Trains one epoch.</summary>
    /// <returns>What it prints, and its result.</returns>
    private async Task<(string Output, string Result)> SucceedAsync(params string[] arguments)
    {
        using var trainer = new TrainerProcess(["train", .. arguments, "--out", _folder.File("out"), "--epochs", "1", "--network", "ml-resnet-small"]);
        (int code, string output, string error) = await trainer.EndAsync(Cancellation);
        Assert.True(code == ExitCodes.Success, error);
        return (output, await File.ReadAllTextAsync(_folder.File("out/result.json"), Cancellation));
    }

    /// <summary>Twelve rows with their own column names, and all labels in the middle.</summary>
    private async Task<string> WriteOthersAsync(string columns)
    {
        string[] names = columns.Split(',');
        string header = string.Join(',', names.SelectMany(name => new[] { $"{name}_x", $"{name}_y" })) + ",Image";
        string pixels = string.Join(' ', Enumerable.Range(0, TinyFaces.Schema.FrameSize).Select(i => i % 251));
        IEnumerable<string> rows = Enumerable.Range(1, 12).Select(row =>
            $"{string.Join(',', Enumerable.Repeat("12,12", names.Length))},{row}{pixels[1..]}");
        string path = _folder.File("others.csv");
        await File.WriteAllLinesAsync(path, [header, .. rows], Cancellation);
        return path;
    }

    private async Task TrainAsync(string data, string output)
    {
        using var trainer = new TrainerProcess(Arguments(data, output));
        (int code, _, string error) = await trainer.EndAsync(Cancellation);
        Assert.True(code == ExitCodes.Success, error);
    }
}
