using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using KeypointPipeline.Errors;
using KeypointPipeline.Local.Demo.DrawnFaces;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.EndToEnd.Tests;

/// <summary>The verbs that work on plain files, run as a user runs them.</summary>
public sealed class CommandTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Train_evaluate_and_predict_work_without_a_storage_server_and_a_seed_gives_one_model()
    {
        using TemporaryFolder folder = TestFolder.Create("commands");
        string dataset = await DrawnInputs.DrawDatasetAsync(folder, rows: 80, seed: 6, Cancel);
        string images = await DrawnInputs.DrawImagesAsync(folder, count: 5, Cancel);

        string first = await TrainAsync(dataset, folder.File("first"));
        string second = await TrainAsync(dataset, folder.File("second"));
        ToolResult evaluated = await RunAsync("evaluate", "--model", first, "--data", dataset, "--json");
        ToolResult predicted = await RunAsync("predict", "--model", first, "--images", images, "--out", folder.File("results"));

        Assert.Equal(await File.ReadAllBytesAsync(first, Cancel), await File.ReadAllBytesAsync(second, Cancel));
        using JsonDocument evaluation = JsonDocument.Parse(evaluated.Output);
        Assert.Equal(80, evaluation.RootElement.GetProperty("images").GetInt32());
        Assert.InRange(evaluation.RootElement.GetProperty("rmse").GetDouble(), 0.1, 40);
        Assert.InRange(evaluation.RootElement.GetProperty("nme").GetDouble(), 0.001, 2);
        Assert.Equal(DrawnFace.KeypointNames, evaluation.RootElement.GetProperty("rmsePerKeypoint").EnumerateObject().Select(p => p.Name));
        Assert.Contains("5 of 6 images", predicted.Output, StringComparison.Ordinal);
        Assert.Equal(7, (await File.ReadAllLinesAsync(Path.Combine(folder.File("results"), "keypoints.csv"), Cancel)).Length);
    }

    [Fact]
    public async Task Kaggles_files_give_a_model_and_a_submission_as_downloaded()
    {
        using TemporaryFolder folder = TestFolder.Create("kaggle");
        KaggleFiles files = KaggleFiles.Draw(folder, rows: 30);
        string submission = folder.File("submission.csv");

        string model = await TrainAsync(files.Training, folder.File("model"));
        ToolResult predicted = await RunAsync("predict", "--model", model, "--kaggle", files.Test, "--lookup", files.Lookup, "--out", submission);

        Assert.Contains("460 locations of 30 images", predicted.Output, StringComparison.Ordinal);
        string[] lines = await File.ReadAllLinesAsync(submission, Cancel);
        Assert.Equal(Enumerable.Range(1, 460).Select(id => $"{id}"), lines.Skip(1).Select(line => line.Split(',')[0]));
        Assert.All(lines.Skip(1), line => Assert.InRange(double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture), 0, 96));
    }

    [Theory]
    [InlineData("drop", "no host runs for")]
    [InlineData("status", "no host runs for")]
    [InlineData("models", "no host runs for")]
    public async Task Verbs_that_need_a_host_say_how_to_start_one(string verb, string expected)
    {
        using TemporaryFolder folder = TestFolder.Create("commands");
        string[] arguments = verb == "drop" ? [verb, "file.csv", "--home", folder.Path] : [verb, "--home", folder.Path];

        ToolResult result = await KeypointsTool.RunAsync(arguments, Cancel);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(expected, result.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("./keypoints up", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'--images' is empty", "predict", "--model", "model.onnx", "--out", "results", "--images", "")]
    [InlineData("--port takes a number from 0 to 65535", "up", "--port", "99999")]
    [InlineData("RETRAIN_SCHEDULE 'at night' is not a schedule", "up", "--port", "0")]
    public async Task What_the_user_can_solve_is_told_in_a_line_without_a_stack_trace(string expected, params string[] arguments)
    {
        using TemporaryFolder folder = TestFolder.Create("commands");
        string[] withHome = arguments[0] == "up" ? [.. arguments, "--home", folder.File("home")] : arguments;

        ToolResult result = await KeypointsTool.RunAsync(
            withHome, Cancel, new Dictionary<string, string>(StringComparer.Ordinal) { ["RETRAIN_SCHEDULE"] = "at night" });

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(expected, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_explains_how_other_machines_may_reach_it_and_refuses_what_is_no_address()
    {
        ToolResult help = await KeypointsTool.RunAsync(["up", "--help"], Cancel);
        ToolResult refused = await KeypointsTool.RunAsync(["up", "--listen", "everywhere"], Cancel);

        Assert.Contains("--listen <ADDRESS>", help.Output, StringComparison.Ordinal);
        Assert.Contains("every request needs a key", help.Output, StringComparison.Ordinal);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("0.0.0.0", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_is_named_without_a_stack_trace()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/sys is where nobody may write, root neither");

        ToolResult result = await KeypointsTool.RunAsync(["up", "--home", "/sys/keypoints", "--port", "0"], Cancel);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("The data folder /sys/keypoints cannot be written", result.Errors, StringComparison.Ordinal);
        Assert.Contains("--home", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evaluate", "--model", "missing.onnx", "--data", "missing.csv")]
    [InlineData("predict", "--model", "missing.onnx", "--images", "missing", "--out", "out")]
    [InlineData("predict", "--model", "missing.onnx", "--kaggle", "missing.zip", "--lookup", "missing.csv", "--out", "out.csv")]
    [InlineData("train", "--data", "missing.csv", "--out", "out")]
    public async Task A_missing_file_is_named_without_a_stack_trace(params string[] arguments)
    {
        ToolResult result = await KeypointsTool.RunAsync(arguments, Cancel);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("missing", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "keypoints train [options]", "--help")]
    [InlineData(0, "--batch-size", "--help")]
    [InlineData(0, "--patience", "--help")]
    [InlineData(2, "--data", "--out", "out")]
    [InlineData(2, "--learning-rate", "--data", "missing.csv", "--out", "out", "--learning-rate", "1")]
    public async Task Train_takes_the_trainers_options(int exitCode, string mentioned, params string[] arguments)
    {
        ToolResult result = await KeypointsTool.RunAsync(["train", .. arguments], Cancel);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(mentioned, result.Output + result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("keypoint-trainer", result.Output + result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_training_that_is_stopped_names_the_command_that_continues_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no signals");
        using TemporaryFolder folder = TestFolder.Create("stopped");
        string dataset = await DrawnInputs.DrawDatasetAsync(folder, rows: 60, seed: 4, Cancel);
        using Process tool = KeypointsTool.Start(["train", "--data", dataset, "--out", "my-model", "--epochs=9999", "--network", SmallPipeline.Training.Network], folder.Path);

        while (await tool.StandardOutput.ReadLineAsync(Cancel) is string line && !line.StartsWith("epoch 1 ", StringComparison.Ordinal))
        {
        }

        using (var kill = Process.Start("kill", ["-TERM", tool.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(Cancel);
        string output = await tool.StandardOutput.ReadToEndAsync(Cancel);
        await tool.WaitForExitAsync(Cancel);

        Assert.Equal(ExitCodes.Stopped, tool.ExitCode);
        Assert.Contains(Path.Combine(RepositoryRoot.Path, "keypoints"), output, StringComparison.Ordinal);
        Assert.EndsWith(
            $" train --data '{dataset}' --out my-model --epochs 9999 --network {SmallPipeline.Training.Network} --resume",
            output.TrimEnd(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trainer_that_is_killed_is_named_with_the_command_that_continues_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the trainer is found in /proc");
        using TemporaryFolder folder = TestFolder.Create("killed");
        string dataset = await DrawnInputs.DrawDatasetAsync(folder, rows: 60, seed: 4, Cancel);
        string[] arguments = ["train", "--data", dataset, "--out", "my-model", "--epochs", "9999", "--network", SmallPipeline.Training.Network];
        using Process tool = KeypointsTool.Start(arguments, folder.Path);

        while (await tool.StandardOutput.ReadLineAsync(Cancel) is string line && !line.StartsWith("epoch 1 ", StringComparison.Ordinal))
        {
        }

        string children = await File.ReadAllTextAsync($"/proc/{tool.Id}/task/{tool.Id}/children", Cancel);
        foreach (string child in children.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            Process.GetProcessById(int.Parse(child, CultureInfo.InvariantCulture)).Kill();
        Task<string> output = tool.StandardOutput.ReadToEndAsync(Cancel);
        string errors = await tool.StandardError.ReadToEndAsync(Cancel);
        await tool.WaitForExitAsync(Cancel);

        Assert.Equal(ExitCodes.Killed, tool.ExitCode);
        Assert.EndsWith(
            "The trainer was killed (signal 9, most likely out of memory). Continue with: "
                + $"{Path.Combine(RepositoryRoot.Path, "keypoints")} train --data '{dataset}' --out my-model --epochs 9999 "
                + $"--network {SmallPipeline.Training.Network} --resume",
            errors.TrimEnd(),
            StringComparison.Ordinal);
        await output;
    }

    private static async Task<string> TrainAsync(string dataset, string output)
    {
        await RunAsync("train", "--data", dataset, "--out", output, "--epochs", "2", "--seed", "3", "--network", SmallPipeline.Training.Network);
        return Path.Combine(output, "model.onnx");
    }

    private static async Task<ToolResult> RunAsync(params string[] arguments)
    {
        ToolResult result = await KeypointsTool.RunAsync(arguments, Cancel);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', arguments)}: {result.ExitCode}\n{result.Output}\n{result.Errors}");
        return result;
    }
}
