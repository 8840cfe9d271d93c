using System.Diagnostics;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Docs.Tests;

/// <summary>infra/hooks/subscribe.sh with a stand-in for <c>az</c> that records its arguments.</summary>
public sealed class SubscribeHookTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_events_off_the_subscriptions_are_deleted_and_none_is_created()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The hook is a shell script.");
        (int exitCode, string[] calls) = await RunAsync(events: "off", listed: "datasets images");

        Assert.Equal(0, exitCode);
        Assert.Equal(3, calls.Length);
        Assert.StartsWith("eventgrid system-topic event-subscription list ", calls[0], StringComparison.Ordinal);
        Assert.All(
            calls.Skip(1).Zip((string[])["datasets", "images"]),
            call => Assert.Matches($"^eventgrid system-topic event-subscription delete .*--system-topic-name topic --name {call.Second} --yes", call.First));
    }

    [Fact]
    public async Task With_events_off_and_no_subscriptions_nothing_is_deleted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The hook is a shell script.");
        (int exitCode, string[] calls) = await RunAsync(events: "off", listed: "");

        Assert.Equal(0, exitCode);
        Assert.Contains(" list ", Assert.Single(calls), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_are_on_unless_the_environment_says_otherwise()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The hook is a shell script.");
        (int exitCode, string[] calls) = await RunAsync(events: null, listed: "");

        Assert.Equal(0, exitCode);
        Assert.Contains(calls, call => call.StartsWith("deployment group create ", StringComparison.Ordinal));
        Assert.DoesNotContain(calls, call => call.Contains("eventgrid", StringComparison.Ordinal));
    }

    private static async Task<(int ExitCode, string[] Calls)> RunAsync(string? events, string listed)
    {
        using TemporaryFolder folder = TestFolder.Create("hook");
        string az = folder.File("az");
        string record = folder.File("calls");
        await File.WriteAllTextAsync(
            az,
            $"""
            #!/bin/sh
            echo "$*" >> '{record}'
            case "$*" in
              *"keys list"*) echo true ;;
              *"event-subscription list"*) echo '{listed}' ;;
            esac

            """,
            Cancel);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(az, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo("sh", [Path.Combine(RepositoryRoot.Path, "infra", "hooks", "subscribe.sh")]) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        foreach (string name in (string[])["AZURE_SUBSCRIPTION_ID", "AZURE_RESOURCE_GROUP", "AZURE_FUNCTION_APP_NAME", "DATA_STORAGE_ACCOUNT"])
            start.Environment[name] = "x";
        start.Environment["EVENT_TOPIC_NAME"] = "topic";
        start.Environment["EVENTS"] = events;
        using Process hook = Process.Start(start)!;
        await hook.StandardOutput.ReadToEndAsync(Cancel);
        await hook.WaitForExitAsync(Cancel);
        return (hook.ExitCode, await File.ReadAllLinesAsync(record, Cancel));
    }
}
