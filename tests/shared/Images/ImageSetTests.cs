using System.Buffers.Binary;
using System.Text;
using KeypointPipeline.Images;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Images;

/// <summary>Which files of a set are images, and zips that are damaged or made to hurt.</summary>
public sealed class ImageSetTests
{
    private const int DirectoryOffsetField = 42;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_that_are_no_images_by_name_are_passed_over_and_named_once()
    {
        using TemporaryFolder folder = TestFolder.Create("set");
        await File.WriteAllBytesAsync(folder.File("photos.zip"), RawZip.Write(
        [
            new("a.png", [1]), new("readme.txt", [1]), new("model.h5", [1]), new("labels.csv", [1]), new("sub/b", [1]), new("c.heic", [1]), new("inner.zip", [1]),
        ]), Cancel);

        using ImageSet set = await ImageSet.OpenAsync(folder.File("photos.zip"), Cancel);

        Assert.Equal(["a.png", "c.heic", "sub/b"], set.Images.Select(image => image.Name));
        Assert.Equal("Passed over, because they are no images by name: inner.zip, labels.csv, model.h5, readme.txt.", set.PassedOver!.Describe());
        Assert.Null(set.Emptiness);
    }

    [Theory]
    [InlineData("photos.zip holds no images. Use a folder or zip with images.")]
    [InlineData("photos.zip holds no images, only a.txt, b.h5. Use a folder or zip with images.", "b.h5", "a.txt")]
    [InlineData("photos.zip holds no images itself, but zips: a.zip, b.ZIP. Unpack them into one folder and use the folder.", "a.zip", "b.ZIP")]
    [InlineData("photos.zip holds no images, only 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more. Use a folder or zip with images.", "0.h", "1.h", "2.h", "3.h", "4.h", "5.h", "6.h", "7.h", "8.h", "9.h", "A.h", "B.h")]
    public async Task A_set_without_images_says_what_it_holds_and_what_to_do(string reason, params string[] names)
    {
        using TemporaryFolder folder = TestFolder.Create("set");
        await File.WriteAllBytesAsync(folder.File("photos.zip"), RawZip.Write(names.Select(name => new RawZipFile(name, [1]))), Cancel);

        using ImageSet set = await ImageSet.OpenAsync(folder.File("photos.zip"), Cancel);

        Assert.Equal(reason, set.Emptiness?.Replace(".h,", ",", StringComparison.Ordinal).Replace(".h ", " ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_single_image_is_a_set_and_a_zip_is_recognised_by_its_content()
    {
        using TemporaryFolder folder = TestFolder.Create("set");
        await File.WriteAllBytesAsync(folder.File("one.png"), [1], Cancel);
        await File.WriteAllBytesAsync(folder.File("zip without ending"), RawZip.Write([new("a.png", [1])]), Cancel);
        await File.WriteAllTextAsync(folder.File("no.zip"), "text", Cancel);
        await File.WriteAllTextAsync(folder.File("table.csv"), "text", Cancel);
        await File.WriteAllTextAsync(folder.File("model.h5"), "text", Cancel);

        using ImageSet one = await ImageSet.OpenAsync(folder.File("one.png"), Cancel);
        using ImageSet zip = await ImageSet.OpenAsync(folder.File("zip without ending"), Cancel);

        Assert.Equal("one.png", Assert.Single(one.Images).Name);
        Assert.Equal("a.png", Assert.Single(zip.Images).Name);
        Assert.Equal(
            "no.zip is not a zip, although its name says so.",
            (await Assert.ThrowsAsync<InvalidDataException>(() => ImageSet.OpenAsync(folder.File("no.zip"), Cancel))).Message);
        Assert.Contains(
            "is neither a folder nor a zip nor an image (.jpg",
            (await Assert.ThrowsAsync<InvalidDataException>(() => ImageSet.OpenAsync(folder.File("model.h5"), Cancel))).Message,
            StringComparison.Ordinal);
        Assert.Equal(
            "table.csv is a table and holds no images. Give the folder, the zip or the image itself.",
            (await Assert.ThrowsAsync<InvalidDataException>(() => ImageSet.OpenAsync(folder.File("table.csv"), Cancel))).Message);
        await Assert.ThrowsAsync<FileNotFoundException>(() => ImageSet.OpenAsync(folder.File("gone"), Cancel));
    }

    [Fact]
    public async Task Pictures_whose_names_are_not_UTF8_stay_apart_and_have_readable_names()
    {
        using TemporaryFolder folder = TestFolder.Create("set");
        Encoding gbk = CodePagesEncodingProvider.Instance.GetEncoding(936)!;
        await File.WriteAllBytesAsync(
            folder.File("gbk.zip"), RawZip.Write(((string[])["左.png", "右.png", "中.png"]).Select((name, i) => new RawZipFile(gbk.GetBytes(name), [(byte)i]))), Cancel);

        using ImageSet set = await ImageSet.OpenAsync(folder.File("gbk.zip"), Cancel);

        Assert.Equal(["中.png", "右.png", "左.png"], set.Images.Select(image => image.Name));
        Assert.Equal([2, 1, 0], set.Images.Select(image => image.OpenAsync(Cancel).GetAwaiter().GetResult().ReadByte()));
    }

    [Fact]
    public async Task Entries_that_share_their_bytes_are_refused_before_any_is_unpacked()
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

        Assert.Equal(
            "images.zip is cut short, damaged or a zip bomb: its files overlap or are longer than the zip. Copy or zip it again.", await RefusalAsync(overlapping));
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
    [InlineData(10, 4, "is compressed with bzip2, which is not supported: zip it again with the method Deflate.")] // method
    [InlineData(8, 1, "is protected by a password: zip it again without one.")] // flags
    [InlineData(16, 7, "is cut short or damaged: its checksum does not match. Copy or zip it again.")]
    [InlineData(DirectoryOffsetField, 3, "is cut short or damaged: it is not where the zip says. Copy or zip it again.")]
    public async Task A_damaged_entry_is_an_image_that_failed_and_the_others_are_read(int field, byte value, string reason)
    {
        byte[] zip = Packing.Zip(("a.png", Noise(300)), ("b.png", Noise(300)));
        zip[Places(zip, "PK\u0001\u0002"u8)[0] + field] ^= value;

        string?[] errors = await OpenAsync(zip);

        Assert.Equal($"The file {reason}", errors[0]);
        Assert.Null(errors[1]);
    }

    /// <summary>Opens every image: null, or why it cannot be.</summary>
    private static async Task<string?[]> OpenAsync(byte[] zip)
    {
        using TemporaryFolder folder = TestFolder.Create("zip");
        await File.WriteAllBytesAsync(folder.File("images.zip"), zip, Cancel);
        using ImageSet images = await ImageSet.OpenAsync(folder.File("images.zip"), Cancel);
        var errors = new List<string?>();
        foreach (ImageSource image in images.Images)
            errors.Add((await Record.ExceptionAsync(() => image.OpenAsync(Cancel))) is { } error ? Assert.IsType<ImageRejectedException>(error).Message : null);
        return [.. errors];
    }

    private static async Task<string> RefusalAsync(byte[] zip)
    {
        using TemporaryFolder folder = TestFolder.Create("zip");
        await File.WriteAllBytesAsync(folder.File("images.zip"), zip, Cancel);
        return (await Assert.ThrowsAsync<InvalidDataException>(() => ImageSet.OpenAsync(folder.File("images.zip"), Cancel))).Message;
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
