using System.Text;
using Azure;
using KeypointPipeline.Files;
using KeypointPipeline.Sources;
using KeypointPipeline.Sources.Zips;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Faults;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Sources;

/// <summary>Files of a zip in storage, read by range.</summary>
public sealed class PlacedZipFilesTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Name = "faces.zip";
    private const int Large = 3_000_000;

    /// <summary>Text without long repetitions: Deflate and Deflate64 pack it alike.</summary>
    private static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Join(',', new Random(1).GetItems(Enumerable.Range(0, 1_000).ToArray(), 5_000)));

    private FaultyProxy _proxy = null!;
    private PipelineStorage _storage = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, false)]
    [InlineData(8, false)]
    [InlineData(9, false)]
    [InlineData(8, true)]
    [InlineData(9, true)]
    public async Task Every_file_is_read_also_by_several_readers_at_once(int method, bool wide)
    {
        PlacedZipFiles set = await PlaceAsync(
            RawZip.Write([.. Enumerable.Range(0, 3).Select(i => new RawZipFile($"{i}", Text[i..]) { Method = (ushort)method }), new("empty", [])], wide));

        byte[][] contents = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => ReadAsync(set.Files[i % 4])));

        Assert.All(Enumerable.Range(0, 40), i => Assert.Equal(i % 4 == 3 ? [] : Text[(i % 4)..], contents[i]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Files_of_any_size_in_any_order_are_the_same_as_in_the_opened_zip(int seed)
    {
        var random = new Random(seed);
        RawZipFile[] files = [.. Enumerable.Range(0, 60).Select(i => new RawZipFile($"{i:000}", Noise(random, i % 20 == 7 ? Large : random.Next(200_000)))
        {
            Method = (ushort)(random.Next(2) * 8),
        })];

        PlacedZipFiles set = await PlaceAsync(RawZip.Write(files), paths => random.GetItems(paths, paths.Length).Distinct());

        foreach (SetFile file in set.Files)
            Assert.Equal(files[int.Parse(file.Path, null)].Content, await ReadAsync(file));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Neighbours_that_are_used_one_after_the_other_share_a_request(bool backwards)
    {
        PlacedZipFiles set = await PlaceAsync(
            RawZip.Write(Enumerable.Range(0, 200).Select(i => new RawZipFile($"{i:000}", Noise(new Random(i), 5_000)))),
            paths => backwards ? paths.Reverse() : paths);
        int before = _proxy.Seen.Count;

        foreach (SetFile file in backwards ? set.Files.Reverse() : set.Files)
            Assert.Equal(5_000, (await ReadAsync(file)).Length);

        Assert.Equal(["GET"], _proxy.Seen.Skip(before).Select(seen => seen.Request.Method));
    }

    [Fact]
    public async Task Files_that_lie_apart_have_a_request_each_and_what_is_between_them_is_not_read()
    {
        byte[] between = Noise(new Random(1), 1_000_000);
        PlacedZipFiles set = await PlaceAsync(
            RawZip.Write([new("a", Text), new("b", between), new("c", Text)]), paths => paths.Where(path => path != "b"));
        int before = _proxy.Seen.Count;

        foreach (SetFile file in set.Files)
            Assert.Equal(Text, await ReadAsync(file));

        Assert.Equal(["GET", "GET"], _proxy.Seen.Skip(before).Select(seen => seen.Request.Method));
    }

    [Theory]
    [InlineData(1_000, 5_000, true)]
    [InlineData(1_000, 64 << 20, true)]
    [InlineData(1_000, (64 << 20) + 1, false)] // larger than any image
    [InlineData(3_000_000, 5_000_000, false)]
    [InlineData(-1, 5_000, false)]
    public void Only_small_files_that_can_be_images_share_a_request(long packed, long length, bool shares) =>
        Assert.Equal(shares, ZipRun.CanHold(new ZipPlace(0, packed, length, Method: 8, Checksum: 0, Flags: 0)));

    [Fact]
    public async Task A_file_that_is_read_again_is_fetched_again()
    {
        PlacedZipFiles set = await PlaceAsync(RawZip.Write([new("a", Text), new("b", Text)]));

        for (int i = 0; i < 3; i++)
            Assert.Equal(Text, await ReadAsync(set.Files[i % 2]));
    }

    [Fact]
    public async Task A_name_that_is_longer_than_expected_costs_a_request_and_no_file()
    {
        PlacedZipFiles set = await PlaceAsync(RawZip.Write([new(new string('x', 5_000), Text), new(new string('y', 5_000), Text) { Method = 0 }]));

        foreach (SetFile file in set.Files)
            Assert.Equal(Text, await ReadAsync(file));
    }

    [Theory]
    [InlineData(0, 40, 0, "The file is cut short or damaged: it is not where the zip says. Copy or zip it again.")]
    [InlineData(0, -1, 0, "The file is cut short or damaged: it is not where the zip says. Copy or zip it again.")]
    [InlineData(0, 1_000_000, 0, "The file is cut short or damaged: it is not where the zip says. Copy or zip it again.")]
    [InlineData(0, long.MaxValue, 0, "The file is cut short or damaged: it is not where the zip says. Copy or zip it again.")]
    [InlineData(0, 0, 100_000, "The file is cut short or damaged: the zip ends before it. Copy or zip it again.")]
    [InlineData(0, 0, 100_000_000, "The file is cut short or damaged: the zip ends before it. Copy or zip it again.")]
    [InlineData(1, 0, 0, "The file is protected by a password: zip it again without one.")]
    public async Task A_place_that_is_wrong_fails_its_file_and_no_other(int flags, long at, long packed, string reason)
    {
        ZipBlob zip = await UploadAsync(RawZip.Write([new("a", Text), new("b", Text)]));
        Dictionary<string, ZipPlace> places = await PlacesAsync(zip);
        ZipPlace wrong = places["a"] with { HeaderAt = places["a"].HeaderAt + at, PackedBytes = places["a"].PackedBytes + packed, Flags = (ushort)flags };

        PlacedZipFiles set = PlacedZipFiles.Of(zip, [("a", wrong), ("b", places["b"])]);

        Assert.Equal(reason, (await Assert.ThrowsAsync<RejectedFileException>(() => ReadAsync(set.Files[0]))).Message);
        Assert.Equal(Text, await ReadAsync(set.Files[1]));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(Large)]
    public async Task A_file_whose_bytes_were_changed_does_not_pass_its_checksum(int length)
    {
        byte[] zip = RawZip.Write([new("a", Noise(new Random(1), length)) { Method = 0 }]);
        zip[60]++;
        PlacedZipFiles set = await PlaceAsync(zip);

        RejectedFileException refusal = await Assert.ThrowsAsync<RejectedFileException>(() => ReadAsync(set.Files[0]));

        Assert.Equal("The file is cut short or damaged: its checksum does not match. Copy or zip it again.", refusal.Message);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(Large)]
    public async Task A_zip_that_has_another_ETag_is_not_read(int length)
    {
        byte[] zip = RawZip.Write([new("a", Noise(new Random(1), length)) { Method = 0 }]);
        PlacedZipFiles set = await PlaceAsync(zip);
        await UploadAsync(zip);

        RequestFailedException refusal = await Assert.ThrowsAsync<RequestFailedException>(() => ReadAsync(set.Files[0]));

        Assert.True(refusal.IsReplaced());
    }

    public async ValueTask InitializeAsync()
    {
        TestStorage account = await azurite.NewStorageAsync(Cancel);
        _proxy = await FaultyProxy.StartAsync(account, Cancel);
        _storage = _proxy.Open();
    }

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    private async Task<PlacedZipFiles> PlaceAsync(byte[] zip, Func<string[], IEnumerable<string>>? order = null)
    {
        ZipBlob blob = await UploadAsync(zip);
        Dictionary<string, ZipPlace> places = await PlacesAsync(blob);
        string[] paths = [.. places.Keys.Order(StringComparer.Ordinal)];
        return PlacedZipFiles.Of(blob, (order?.Invoke(paths) ?? paths).Select(path => (path, places[path])));
    }

    private async Task<ZipBlob> UploadAsync(byte[] zip)
    {
        ETag etag = (await _storage.Blob(BlobLayout.Images, Name).UploadAsync(BinaryData.FromBytes(zip), overwrite: true, Cancel)).Value.ETag;
        return new ZipBlob(_storage, BlobLayout.Images, Name, etag);
    }

    private static async Task<Dictionary<string, ZipPlace>> PlacesAsync(ZipBlob zip)
    {
        await using ZipFileSet files = await zip.ListAsync(Cancel);
        return files.Files.ToDictionary(file => file.Path, file => file.Place!);
    }

    private static byte[] Noise(Random random, int length)
    {
        byte[] noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }

    private static async Task<byte[]> ReadAsync(SetFile file)
    {
        await using Stream stream = await file.OpenAsync(Cancel);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content, Cancel);
        return content.ToArray();
    }
}
