using System.Text;
using Azure;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Storage;

public sealed class ReadyListTests(AzuriteFixture azurite)
{
    private const string Marker = "people/_READY";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a.png\nsub/b.png\n", "a.png|sub/b.png")]
    [InlineData("a.png\r\nsub/b.png", "a.png|sub/b.png")]
    [InlineData("\uFEFFa.png\n", "a.png")]
    [InlineData("./a.png\n.\\sub\\b.png\n././c.png", "a.png|sub/b.png|c.png")]
    [InlineData("\n\n a.png\n \t \na.png \n", " a.png|a.png ")]
    [InlineData("a.png\na.png\n./a.png", "a.png")]
    [InlineData("顔 ü.png", "顔 ü.png")]
    public async Task Lines_are_paths_however_an_editor_or_tool_wrote_them(string content, string expected) =>
        Assert.Equal(expected.Split('|'), await ReadAsync(Encoding.UTF8.GetBytes(content)));

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("\uFEFF \n\n")]
    [InlineData("./\n")]
    public async Task A_marker_without_paths_stands_for_every_file(string content) => Assert.Null(await ReadAsync(Encoding.UTF8.GetBytes(content)));

    [Fact]
    public async Task A_list_that_PowerShell_wrote_in_UTF_16_is_read() =>
        Assert.Equal(["a.png", "ü.png"], await ReadAsync([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("a.png\r\nü.png\r\n")]));

    [Fact]
    public async Task What_is_written_is_read_back_whatever_the_names_are()
    {
        string[] names = [.. StrangeNames.Some(300).Where(name => BlobName.FindProblem(name) is null).Distinct(StringComparer.Ordinal)];

        Assert.True(names.Length > 100);
        Assert.Equal(names, await ReadAsync(ReadyList.Write(names).ToArray()));
    }

    [Fact]
    public async Task A_hundred_thousand_names_are_read()
    {
        string[] names = [.. Enumerable.Range(0, 100_000).Select(i => $"{i / 1000:000}/holiday picture {i:000000}.jpg")];

        BinaryData written = ReadyList.Write(names);

        Assert.InRange(written.ToMemory().Length, 3_000_000, 4_000_000);
        Assert.Equal(names, await ReadAsync(written.ToArray()));
    }

    [Fact]
    public async Task A_marker_that_is_too_long_or_no_text_is_refused_with_its_name_and_what_to_do()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;

        Assert.StartsWith("images/people/_READY has 33,554,433 bytes; 33,554,432 are allowed. List one file a line", await RefusalAsync(new byte[ReadyList.MaximumBytes + 1]), StringComparison.Ordinal);
        Assert.StartsWith("images/people/_READY is no text in UTF-8. List one file a line", await RefusalAsync([0x66, 0xFC, 0x72, 0x0A]), StringComparison.Ordinal);

        async Task<string> RefusalAsync(byte[] content)
        {
            await storage.Blob(BlobLayout.Images, Marker).UploadAsync(BinaryData.FromBytes(content), overwrite: true, Cancel);
            return (await Assert.ThrowsAsync<InvalidDataException>(() => ReadyList.ReadAsync(storage, BlobLayout.Images, Marker, etag: null, Cancel))).Message;
        }
    }

    [Fact]
    public async Task More_names_than_are_allowed_are_refused_on_both_sides()
    {
        string[] names = [.. Enumerable.Range(0, ReadyList.MaximumFiles + 1).Select(i => $"{i}")];

        Assert.Contains("has 1,000,001 and", Assert.Throws<InvalidDataException>(() => ReadyList.Write(names)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(Encoding.UTF8.GetBytes(string.Join('\n', names))));
    }

    [Fact]
    public async Task A_marker_that_was_replaced_is_not_read_for_the_older_drop()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        ETag older = (await storage.Blob(BlobLayout.Images, Marker).UploadAsync(ReadyList.Write(["a.png"]), Cancel)).Value.ETag;
        ETag newer = (await storage.Blob(BlobLayout.Images, Marker).UploadAsync(ReadyList.Write(["b.png"]), overwrite: true, Cancel)).Value.ETag;

        Assert.Equal(["b.png"], await ReadyList.ReadAsync(storage, BlobLayout.Images, Marker, newer, Cancel));
        Assert.True((await Assert.ThrowsAsync<RequestFailedException>(() => ReadyList.ReadAsync(storage, BlobLayout.Images, Marker, older, Cancel))).IsReplaced());
    }

    private static Task<IReadOnlyCollection<string>?> ReadAsync(byte[] content) => ReadyList.ReadAsync(new MemoryStream(content), Cancel);
}
