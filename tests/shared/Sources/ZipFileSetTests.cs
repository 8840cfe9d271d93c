using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Sources;
using KeypointPipeline.Sources.Zips;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Sources;

public sealed class ZipFileSetTests
{
    /// <summary>Text without long repetitions: Deflate and Deflate64 pack it alike.</summary>
    private static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Join(',', new Random(1).GetItems(Enumerable.Range(0, 1_000).ToArray(), 5_000)));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, byte[]> Readable => new()
    {
        { "deflated", RawZip.Write(Files(method: 8)) },
        { "stored", RawZip.Write(Files(method: 0)) },
        { "Deflate64", RawZip.Write(Files(method: 9)) },
        { "64-bit sizes", RawZip.Write(Files(method: 8), wide: true) },
        { "64-bit sizes, Deflate64", RawZip.Write(Files(method: 9), wide: true) },
        { "more bytes behind the end", RawZip.Write(Files(method: 8), behind: [.. "PK\u0005\u0006 not an end"u8, 0, 0]) },
    };

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task Every_file_is_read_also_by_several_readers_at_once(string kind, byte[] zip)
    {
        Assert.NotEmpty(kind);
        await using ZipFileSet set = await OpenAsync(zip);

        Assert.Equal(["a/0.csv", "a/1.csv", "a/2.csv", "empty"], set.Files.Select(file => file.Path));
        Assert.Equal([Text.Length, Text.Length - 1, Text.Length - 2, 0], set.Files.Select(file => (int)file.Length!));
        byte[][] contents = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => ReadAsync(set.Files[i % 4])));
        Assert.All(Enumerable.Range(0, 40), i => Assert.Equal(i % 4 == 3 ? [] : Text[(i % 4)..], contents[i]));
    }

    [Fact]
    public async Task Readers_that_alternate_do_not_disturb_each_other()
    {
        byte[] noise = new byte[700_000];
        new Random(1).NextBytes(noise);
        await using ZipFileSet set = await OpenAsync(RawZip.Write([new("a", noise), new("b", noise[1..])]));
        await using Stream a = await set.Find("a")!.OpenAsync(Cancel);
        await using Stream b = await set.Find("b")!.OpenAsync(Cancel);
        byte[] fromA = new byte[noise.Length];
        byte[] fromB = new byte[noise.Length - 1];

        for (int at = 0; at < fromB.Length; at += 9_999)
        {
            await a.ReadExactlyAsync(fromA.AsMemory(at, Math.Min(9_999, fromA.Length - at)), Cancel);
            await b.ReadExactlyAsync(fromB.AsMemory(at, Math.Min(9_999, fromB.Length - at)), Cancel);
        }

        Assert.Equal(noise[..^1], fromA[..^1]);
        Assert.Equal(noise[1..], fromB);
    }

    [Theory]
    [InlineData(5_774, true)]
    [InlineData(100_000, true)]
    [InlineData(70_000, false)] // macOS states the count modulo 65,536 without the larger field.
    public async Task A_zip_has_as_many_files_as_people_have_pictures(int count, bool wide)
    {
        byte[] zip = RawZip.Write(Enumerable.Range(0, count).Select(i => new RawZipFile($"set/{i:000000}.png", [1, 2, 3]) { Method = 0 }), wide);

        await using ZipFileSet set = await OpenAsync(zip);

        Assert.Equal(count, set.Files.Count);
        Assert.Equal([1, 2, 3], await ReadAsync(set.Find($"set/{count - 1:000000}.png")!));
    }

    [Fact]
    public async Task More_files_than_the_limit_are_refused()
    {
        byte[] zip = RawZip.Write(Enumerable.Range(0, ZipLimits.Entries + 1).Select(i => new RawZipFile($"{i}", []) { Method = 0 }), wide: true);

        Assert.Equal("faces.zip contains more than 250,000 files. Split it, or unpack it and use the folder.", await RefusalAsync(zip));
    }

    [Fact]
    public async Task A_list_of_files_that_is_huge_is_refused_before_it_is_read()
    {
        string padding = new('x', 60_000);

        string reason = await RefusalAsync(RawZip.Write(Enumerable.Range(0, 600).Select(i => new RawZipFile($"{padding}{i}", []))));

        Assert.Equal("faces.zip lists too many files; at most 250,000 are allowed.", reason);
    }

    [Theory]
    [InlineData(0, 1, "The file is protected by a password: zip it again without one.")]
    [InlineData(12, 0, "The file is compressed with bzip2, which is not supported: zip it again with the method Deflate.")]
    [InlineData(14, 0, "The file is compressed with LZMA, which is not supported: zip it again with the method Deflate.")]
    [InlineData(93, 0, "The file is compressed with Zstandard, which is not supported: zip it again with the method Deflate.")]
    [InlineData(6, 0, "The file is compressed with method 6, which is not supported: zip it again with the method Deflate.")]
    public async Task A_file_that_cannot_be_unpacked_says_why_and_the_others_are_read(int method, int flags, string reason)
    {
        await using ZipFileSet set = await OpenAsync(RawZip.Write(
            [new("a", Text) { Method = (ushort)method, Flags = (ushort)flags }, new("b", Text)]));

        Assert.Equal(reason, (await Assert.ThrowsAsync<RejectedFileException>(() => set.Find("a")!.OpenAsync(Cancel))).Message);
        Assert.Equal(Text, await ReadAsync(set.Find("b")!));
    }

    [Fact]
    public async Task A_file_that_occurs_twice_is_the_last_one_as_when_it_is_unpacked()
    {
        await using ZipFileSet set = await OpenAsync(RawZip.Write([new("a", [1]), new("b", [2]), new("a", [3])]));

        Assert.Equal(["a", "b"], set.Files.Select(file => file.Path));
        Assert.Equal([3], await ReadAsync(set.Find("a")!));
    }

    [Fact]
    public async Task Hidden_files_folders_and_files_without_a_name_are_left_out_whatever_separates_folders()
    {
        await using ZipFileSet set = await OpenAsync(RawZip.Write(
        [
            new(@"p\s 1\0.png", [1]), new(@"p\Thumbs.db", [1]), new(@"__MACOSX\._0.png", [1]), new(@"p\", []),
            new("q/1.png", [1]), new("q/.DS_Store", [1]), new("q/", []), new("", [1]),
        ]));

        Assert.Equal(["p/s 1/0.png", "q/1.png"], set.Files.Select(file => file.Path));
    }

    [Fact]
    public async Task Names_that_earlier_versions_gave_to_files_still_find_them()
    {
        await using ZipFileSet set = await OpenAsync(RawZip.Write([new("Gr\u0081n.png"u8.ToArray(), [1]), new([.. "Gr"u8, 0x81, .. "n.png"u8], [2]), new(@"p\a.png", [3])]));

        Assert.Equal([1], await ReadAsync(set.Find("Gr\u0081n.png")!));
        Assert.Equal([2], await ReadAsync(set.Find("Gr\uFFFDn.png")!));
        Assert.Equal([3], await ReadAsync(set.Find(@"p\a.png")!));
        Assert.Null(set.Find("p"));
    }

    [Fact]
    public async Task A_zip_cut_anywhere_is_cut_short_and_not_something_else()
    {
        byte[] whole = RawZip.Write(Files(method: 8), wide: true);
        for (int length = 30; length < whole.Length; length += length < whole.Length - 500 ? 997 : 1)
        {
            Assert.Equal(
                "faces.zip is cut short: its list of files, which comes last, is missing. Copy or zip it again.", await RefusalAsync(whole[..length]));
        }
    }

    [Fact]
    public async Task Other_files_are_named_as_what_they_are()
    {
        byte[] split = RawZip.Write([new("a", [1])]);
        split[^18] = 1; // number of this part

        Assert.Equal("faces.zip is empty.", await RefusalAsync([]));
        Assert.Equal("faces.zip is not a zip, although its name says so.", await RefusalAsync(Text));
        Assert.Equal("faces.zip is not a zip, although its name says so: it is gzip data.", await RefusalAsync([0x1F, 0x8B, 8, 0]));
        Assert.Equal("faces.zip is one part of a zip that is split into several files. Zip the files again into one zip.", await RefusalAsync(split));
    }

    [Fact]
    public async Task A_read_that_fails_is_worth_a_retry_and_no_damage()
    {
        byte[] zip = RawZip.Write(Files(method: 8));
        var failing = new DatasetSource("faces.zip", _ => Task.FromResult<Stream>(new FailingStream(zip)), zip.Length);

        await Assert.ThrowsAsync<IOException>(() => ZipFileSet.OpenAsync(failing, Cancel));
    }

    private static RawZipFile[] Files(ushort method) =>
        [.. Enumerable.Range(0, 3).Select(i => new RawZipFile($"a/{i}.csv", Text[i..]) { Method = method }), new("empty", []) { Method = method }];

    private static Task<ZipFileSet> OpenAsync(byte[] zip) => ZipFileSet.OpenAsync(
        new DatasetSource("people/faces.zip", _ => Task.FromResult<Stream>(new MemoryStream(zip)), zip.Length), Cancel);

    private static async Task<string> RefusalAsync(byte[] zip) => (await Assert.ThrowsAsync<RejectedFileException>(() => OpenAsync(zip))).Message;

    private static async Task<byte[]> ReadAsync(SetFile file)
    {
        await using Stream stream = await file.OpenAsync(Cancel);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content, Cancel);
        return content.ToArray();
    }

    private sealed class FailingStream(byte[] content) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("The network is down.");
    }
}
