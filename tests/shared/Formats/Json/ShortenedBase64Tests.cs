using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using KeypointPipeline.Formats.Json;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Json;

public sealed partial class ShortenedBase64Tests
{
    private static readonly string[] Pieces =
        ["{", "}", "\"", "\\u0041", "\\\\", "\\\"", "é", "😀", " ", "\n", ",", "-", "abc", "0/+=", new('A', ShortenedBase64.LongestRun - 1), new('B', ShortenedBase64.LongestRun), new('9', 20_000)];

    [Fact]
    public async Task Only_long_runs_are_shortened_in_whatever_steps_the_file_is_read()
    {
        var random = new Random(3);
        for (int round = 0; round < 40; round++)
        {
            string text = string.Concat(Enumerable.Range(0, 30).Select(_ => Pieces[random.Next(Pieces.Length)]));
            string expected = LongRun().Replace(text, run => run.Value[..ShortenedBase64.LongestRun]);

            foreach (int step in (int[])[1, 7, ShortenedBase64.LongestRun, 1_000_000])
                Assert.Equal(expected, await ReadAsync(text, step));
        }
    }

    [Fact]
    public async Task Valid_JSON_stays_valid_and_keeps_its_other_values()
    {
        string json = JsonSerializer.Serialize(new { first = "\u00e9\"\\", data = Convert.ToBase64String(new byte[90_000]), points = new[] { 1.5, 2.25 } });

        using JsonDocument read = JsonDocument.Parse(await ReadAsync(json, step: 1000));

        Assert.Equal("\u00e9\"\\", read.RootElement.GetProperty("first").GetString());
        Assert.Equal(ShortenedBase64.LongestRun, read.RootElement.GetProperty("data").GetString()!.Length);
        Assert.Equal(2.25, read.RootElement.GetProperty("points")[1].GetDouble());
    }

    [GeneratedRegex("[A-Za-z0-9+/=]{4097,}", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex LongRun();

    private static async Task<string> ReadAsync(string text, int step)
    {
        await using var stream = new ShortenedBase64(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        using var read = new MemoryStream();
        byte[] buffer = new byte[step];
        while (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) is int count and > 0)
            await read.WriteAsync(buffer.AsMemory(0, count), TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(read.ToArray());
    }
}
