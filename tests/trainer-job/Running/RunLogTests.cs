using System.Text;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TrainerJob.Running;
using KeypointPipeline.Training;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Running;

public sealed class RunLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = TestFolder.Create("log");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 12, 30, 5, TimeSpan.Zero));
    private readonly LocalRunFolder _run;

    public RunLogTests() => _run = new LocalRunFolder(_folder.Path, new Dictionary<string, string>());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string File => _folder.File(TrainingRunFiles.Log);

    [Fact]
    public async Task The_lines_of_a_later_start_follow_those_of_an_earlier_one()
    {
        await WriteAsync(log => log.LogInformation("Epoch {Epoch}", 1));
        await WriteAsync(log => log.LogWarning("Epoch {Epoch}", 2));

        Assert.Equal("2026-11-27 12:30:05 Epoch 1\n2026-11-27 12:30:05 warning: Epoch 2\n", await System.IO.File.ReadAllTextAsync(File, Cancel));
    }

    [Fact]
    public async Task It_keeps_the_newest_whole_lines_and_is_never_larger_than_it_says()
    {
        await WriteAsync(log =>
        {
            for (int i = 0; i < 5000; i++)
                log.LogInformation("Line {Number} of very many", i);
        });

        string text = await System.IO.File.ReadAllTextAsync(File, Cancel);
        Assert.InRange(text.Length, RunLog.MostCharacters - 100, RunLog.MostCharacters);
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith("Line 4999 of very many", lines[^1], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.StartsWith("2026-11-27 12:30:05 Line ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_are_left_out_and_an_error_has_its_trace()
    {
        await WriteAsync(log => log.LogError(
            new InvalidOperationException("BlobEndpoint=https://x;AccountKey=c2VjcmV0;SharedAccessSignature=sv=1&sig=c2VjcmV0"),
            "Failed at {Address}", "https://x/y?sv=1&sig=c2VjcmV0&se=2"));

        string text = await System.IO.File.ReadAllTextAsync(File, Cancel);
        Assert.DoesNotContain("c2VjcmV0", text, StringComparison.Ordinal);
        Assert.Contains("error: Failed at https://x/y?sv=1&sig=…&se=2", text, StringComparison.Ordinal);
        Assert.Contains(nameof(InvalidOperationException), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_written_while_no_line_comes()
    {
        using var log = new RunLog(_time);
        log.CreateLogger("").LogInformation("one");
        await log.WriteAsync(_run, Cancel);
        await System.IO.File.WriteAllTextAsync(File, "another's", Encoding.UTF8, Cancel);

        await log.WriteAsync(_run, Cancel);

        Assert.Equal("another's", await System.IO.File.ReadAllTextAsync(File, Cancel));
    }

    public void Dispose() => _folder.Dispose();

    private async Task WriteAsync(Action<ILogger> write)
    {
        using var log = new RunLog(_time);
        write(log.CreateLogger("trainer"));
        await log.ContinueAsync(_run, Cancel);
        await log.WriteAsync(_run, Cancel);
    }
}
