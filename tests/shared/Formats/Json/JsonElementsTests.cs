using System.Text;
using System.Text.Json;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Json;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Json;

public sealed class JsonElementsTests
{
    [Fact]
    public async Task Elements_larger_than_the_buffer_and_members_that_are_passed_over_are_read_in_any_steps()
    {
        string large = new('x', 600_000);
        string json = $$"""{"other": {"a": ["{{large}}", {"b": [[]]}]}, "a": [1, "{{large}}", {"k": [1, 2]}], "n": 5, "b": [], "a": [true]}""";
        foreach (int step in (int[])[1_000_003, 777, 64 * 1024])
        {
            List<string> found = await ReadAsync(json, step, "a", "b");

            Assert.Equal(["a 1 1", $"a 2 \"{large}\"", "a 3 {\"k\": [1, 2]}", "a 1 true"], found);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("[1, 2]")]
    [InlineData("\"text\"")]
    [InlineData("{\"a\": [1, 2")]
    [InlineData("{\"a\": [1, 2]")]
    [InlineData("{\"a\": [1, 2]} {}")]
    [InlineData("{\"skipped\": [1, 2")]
    [InlineData("{\"a\": [1,, 2]}")]
    public async Task Anything_but_an_object_is_rejected(string json)
    {
        var e = await Assert.ThrowsAsync<RejectedFileException>(() => ReadAsync(json, 3, "a"));

        Assert.StartsWith("x.json ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_elements_of_a_file_that_is_an_array_are_read()
    {
        foreach (int step in (int[])[1_000_003, 3])
            Assert.Equal([" 1 1", " 2 [2, {}]", " 3 {\"a\": [3]}"], await ReadAsync("[1, [2, {}], {\"a\": [3]}]", step));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"a\": [1]}")]
    [InlineData("[1, 2")]
    [InlineData("[1, 2] []")]
    public async Task Anything_but_an_array_is_rejected_if_no_members_are_named(string json)
    {
        var e = await Assert.ThrowsAsync<RejectedFileException>(() => ReadAsync(json, 3));

        Assert.StartsWith("x.json ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_values_of_an_objects_members_are_read()
    {
        string large = new('x', 600_000);
        foreach (int step in (int[])[1_000_003, 777])
        {
            Assert.Equal([".a 1 1", $".{large} 2 [\"{large}\"]", ".a 3 {\"b\": 2}", ". 4 1"], await ReadAsync($$"""{"a": 1, "{{large}}": ["{{large}}"], "a": {"b": 2}, "\ud800": 1}""", step, areMembers: true));
            Assert.Equal(
                ["a.x 1 {}", $"a.{large} 2 [1]"],
                await ReadAsync($$"""{"other": {"a": {"b": 1} }, "a": [5, 6], "a": {"x": {}, "{{large}}": [1]}, "n": 5}""", step, areMembers: true, "a"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("{\"a\": 1")]
    [InlineData("{\"a\":")]
    [InlineData("{\"a\": 1} 2")]
    public async Task Anything_but_an_object_is_rejected_if_its_members_are_read(string json)
    {
        var e = await Assert.ThrowsAsync<RejectedFileException>(() => ReadAsync(json, 3, areMembers: true));

        Assert.StartsWith("x.json ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trailing_commas_and_comments_are_allowed_within_elements_too()
    {
        await using var stream = new MemoryStream("{\"a\": [{\"k\": [1, 2,], /* two */},],}"u8.ToArray());

        var numbers = new List<int>();
        await foreach (JsonPiece piece in new JsonElements(stream, "x.json", "a").ReadAsync(TestContext.Current.CancellationToken))
        {
            using JsonDocument element = piece.Parse();
            numbers.AddRange(element.RootElement.GetProperty("k").EnumerateArray().Select(number => number.GetInt32()));
        }

        Assert.Equal([1, 2], numbers);
    }

    [Fact]
    public async Task An_element_of_more_than_64_MiB_is_rejected()
    {
        await using var stream = new EndlessElement();

        var e = await Assert.ThrowsAsync<RejectedFileException>(
            () => new JsonElements(stream, "x.json").ReadAsync(TestContext.Current.CancellationToken).CountAsync(TestContext.Current.CancellationToken).AsTask());

        Assert.Equal("x.json has an element of more than 67,108,864 bytes. Expected labels, without pictures in them.", e.Message);
    }

    [Fact]
    public async Task A_file_in_UTF_16_is_rejected_with_advice()
    {
        await using var stream = new MemoryStream([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("{\"a\": []}")]);

        var e = await Assert.ThrowsAsync<RejectedFileException>(
            () => new JsonElements(stream, "x.json", "a").ReadAsync(TestContext.Current.CancellationToken).CountAsync(TestContext.Current.CancellationToken).AsTask());

        Assert.Equal("x.json is JSON in UTF-16. Save it as UTF-8.", e.Message);
    }

    private static Task<List<string>> ReadAsync(string json, int step, params string[] members) => ReadAsync(json, step, areMembers: false, members);

    private static async Task<List<string>> ReadAsync(string json, int step, bool areMembers, params string[] members)
    {
        await using var stream = new SteppedStream(Encoding.UTF8.GetBytes(json), step);
        var found = new List<string>();
        await foreach (JsonPiece piece in new JsonElements(stream, "x.json", members) { AreMembers = areMembers }.ReadAsync(TestContext.Current.CancellationToken))
            found.Add($"{piece.Member}{(areMembers ? $".{piece.Name}" : "")} {piece.Number} {Encoding.UTF8.GetString(piece.Json.Span)}");
        return found;
    }

    /// <summary>An array with a text that does not end.</summary>
    private sealed class EndlessElement : MemoryStream
    {
        private bool _isStarted;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill((byte)'x');
            if (!_isStarted)
                "[\""u8.CopyTo(buffer.Span);
            _isStarted = true;
            return ValueTask.FromResult(buffer.Length);
        }
    }

    /// <summary>Returns at most so many bytes at once.</summary>
    private sealed class SteppedStream(byte[] bytes, int step) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(step, buffer.Length)], cancellationToken);
    }
}
