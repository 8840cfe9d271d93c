using System.Buffers.Binary;
using System.IO.Compression;
using KeypointPipeline.Images;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Images;

/// <summary>Zips of images that are damaged, or made to hurt.</summary>
public sealed class ImageZipTests
{
    private const int DirectoryOffsetField = 42;

    [Fact]
    public void Entries_that_share_their_bytes_are_refused_before_any_is_unpacked()
    {
        byte[] zip = Packing.Zip(("a.png", Noise(5_000)), ("b.png", Noise(5_000)), ("c.png", Noise(5_000)));
        int[] directory = [.. Places(zip, "PK\u0001\u0002"u8)];

        // All three in the place of the first, and what is left of the file cut out.
        int second = Places(zip, "PK\u0003\u0004"u8)[1];
        byte[] overlapping = [.. zip[..second], .. zip[directory[0]..]];
        int moved = directory[0] - second;
        foreach (int entry in directory)
            BinaryPrimitives.WriteInt32LittleEndian(overlapping.AsSpan(entry - moved + DirectoryOffsetField), 0);
        BinaryPrimitives.WriteInt32LittleEndian(overlapping.AsSpan(overlapping.Length - 6), second);

        Assert.EndsWith("(its files overlap or are longer than the zip: it is damaged or a zip bomb).", Refusal(overlapping), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zip_lists_no_more_files_than_allowed()
    {
        using TemporaryFolder folder = TestFolder.Create("zip");
        string path = folder.File("many.zip");
        await using (ZipArchive zip = await ZipFile.OpenAsync(path, ZipArchiveMode.Create, TestContext.Current.CancellationToken))
        {
            for (int i = 0; i <= ImageZipLimits.ZipEntries; i++)
                zip.CreateEntry($"{i}", CompressionLevel.NoCompression);
        }

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => ImageFolder.Open(path));

        Assert.EndsWith("(it contains 250,001 files; at most 250,000 are allowed).", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_is_huge_is_refused_before_it_is_listed()
    {
        string padding = new('x', 60_000);

        string reason = Refusal(Packing.Zip([.. Enumerable.Range(0, 600).Select(i => ($"{padding}{i}", Array.Empty<byte>()))]));

        Assert.EndsWith("(it lists too many files; at most 250,000 are allowed).", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_unpacks_to_too_much_is_an_image_that_failed_whatever_size_it_states()
    {
        byte[] zip = Packing.Zip(("bomb.png", new byte[ImageLimits.Default.MaximumBytes + 1]), ("good.png", [1, 2, 3]));
        byte[] lying = [.. zip];
        BinaryPrimitives.WriteInt32LittleEndian(lying.AsSpan(Places(zip, "PK\u0001\u0002"u8)[0] + 24), 10);

        Assert.Equal("The file has 67,108,865 bytes; at most 67,108,864 are read.", (await OpenAsync(zip))[0]);
        Assert.NotNull((await OpenAsync(lying))[0]);
        Assert.All([zip, lying], file => Assert.Null(OpenAsync(file).GetAwaiter().GetResult()[1]));
    }

    [Theory]
    [InlineData(10, 99, "is damaged: ")] // method
    [InlineData(8, 1, "is protected by a password: zip it again without one.")] // flags
    [InlineData(16, 7, "is damaged: its checksum does not match.")]
    [InlineData(DirectoryOffsetField, 3, "is damaged: ")]
    public async Task A_damaged_entry_is_an_image_that_failed_and_the_others_are_read(int field, byte value, string reason)
    {
        byte[] zip = Packing.Zip(("a.png", Noise(300)), ("b.png", Noise(300)));
        zip[Places(zip, "PK\u0001\u0002"u8)[0] + field] ^= value;

        string?[] errors = await OpenAsync(zip);

        Assert.StartsWith($"The zip entry {reason}", errors[0], StringComparison.Ordinal);
        Assert.Null(errors[1]);
    }

    /// <summary>Opens every image: null, or why it cannot be.</summary>
    private static async Task<string?[]> OpenAsync(byte[] zip)
    {
        using TemporaryFolder folder = TestFolder.Create("zip");
        await File.WriteAllBytesAsync(folder.File("images.zip"), zip, TestContext.Current.CancellationToken);
        using ImageFolder images = ImageFolder.Open(folder.File("images.zip"));
        var errors = new List<string?>();
        foreach (ImageSource image in images.Images)
            errors.Add((await Record.ExceptionAsync(() => image.OpenAsync(TestContext.Current.CancellationToken))) is { } error ? Assert.IsType<ImageRejectedException>(error).Message : null);
        return [.. errors];
    }

    private static string Refusal(byte[] zip)
    {
        using TemporaryFolder folder = TestFolder.Create("zip");
        File.WriteAllBytes(folder.File("images.zip"), zip);
        return Assert.Throws<InvalidDataException>(() => ImageFolder.Open(folder.File("images.zip"))).Message;
    }

    private static byte[] Noise(int length)
    {
        byte[] noise = new byte[length];
        new Random(length).NextBytes(noise);
        return noise;
    }

    private static List<int> Places(ReadOnlySpan<byte> zip, ReadOnlySpan<byte> signature)
    {
        var places = new List<int>();
        for (int at = 0; at + signature.Length <= zip.Length; at++)
        {
            if (zip[at..].StartsWith(signature))
                places.Add(at);
        }

        return places;
    }
}
