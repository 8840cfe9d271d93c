using KeypointPipeline.Images;
using KeypointPipeline.Images.Codecs;
using KeypointPipeline.Shared.Tests.Support;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Images.Codecs;

/// <summary>PNG and WebP files that a camera or program stored turned.</summary>
public sealed class OrientationTests
{
    private const int Width = 61;
    private const int Height = 37;
    private const int Frame = 32;

    private readonly ImageDecoder _decoder = new();

    public static TheoryData<string, int, bool> Stored()
    {
        var data = new TheoryData<string, int, bool>();
        foreach (string place in (string[])["eXIf", "eXIf at the end", "eXIf with prefix", "zTXt", "tEXt", "WebP", "WebP with prefix", "WebP of odd length"])
        {
            for (int orientation = 1; orientation <= 8; orientation++)
                data.Add(place, orientation, orientation % 2 == 0);
        }

        data.Add("eXIf", 6, true);
        data.Add("WebP with prefix", 6, false);
        return data;
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public void A_stored_picture_gives_the_frame_and_the_picture_of_the_upright_one(string place, int orientation, bool little)
    {
        byte[] upright = Encode(Width, Height, Colour, SKEncodedImageFormat.Png);
        byte[] file = Store(place, orientation, TestExif.Create(orientation, little));

        DecodedImage image = _decoder.Decode(file, Frame, Frame);
        using Picture picture = _decoder.DecodePicture(file, 1, 100);
        using Picture expected = _decoder.DecodePicture(upright, 1, 100);

        Assert.Equal((Width, Height, Width, Height), (image.Width, image.Height, picture.Width, picture.Height));
        Assert.Equal(_decoder.Decode(upright, Frame, Frame).Frame, image.Frame);
        Assert.Equal(expected.ToJpeg(100), picture.ToJpeg(100));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(40_000)]
    public void A_value_that_is_no_orientation_is_passed_over(int orientation)
    {
        foreach (string place in (string[])["eXIf", "zTXt", "WebP with prefix"])
            Assert.Equal((Width, Height), Size(Store(place, 1, TestExif.Create(orientation, little: true))));
    }

    [Fact]
    public void An_orientation_of_32_bits_counts()
    {
        byte[] exif = TestExif.Create(6, little: false, type: 4);
        Assert.Equal((Height, Width), Size(Store("eXIf", 1, exif)));
    }

    [Fact]
    public void The_exif_chunk_of_a_png_counts_before_its_text_and_a_chunk_with_a_wrong_checksum_does_not()
    {
        byte[] png = Encode(Width, Height, Colour, SKEncodedImageFormat.Png);
        byte[] three = TestImages.PngChunk("eXIf"u8, TestExif.Create(3, little: true));
        byte[] six = TestExif.RawProfile(TestExif.Create(6, little: true), packed: true);
        byte[] damaged = [.. three];
        damaged[^1] ^= 1;

        Assert.Equal((Width, Height), Size(TestExif.InPng(TestExif.InPng(png, six, atEnd: false), three, atEnd: true)));
        Assert.Equal((Height, Width), Size(TestExif.InPng(TestExif.InPng(png, six, atEnd: false), damaged, atEnd: true)));
        Assert.Equal((Width, Height), Size(TestExif.InPng(png, damaged, atEnd: true)));
    }

    [Fact]
    public void Exif_data_that_a_webp_does_not_announce_is_passed_over_as_in_other_decoders()
    {
        byte[] simple = Encode(Width, Height, Colour, SKEncodedImageFormat.Webp);
        byte[] exif = [.. "Exif\0\0"u8, .. TestExif.Create(6, little: true)];

        Assert.Equal((Height, Width), Size(TestExif.InWebP(simple, Width, Height, exif)));
        Assert.Equal((Width, Height), Size(TestExif.InWebP(simple, Width, Height, exif, announced: false)));
    }

    [Fact]
    public void A_long_exif_chunk_of_a_png_counts_too()
    {
        byte[] png = Encode(Width, Height, Colour, SKEncodedImageFormat.Png);
        byte[] withThumbnail = [.. TestExif.Create(6, little: true), .. new byte[3 * PngMetadata.LongestKept]];

        Assert.Equal((Height, Width), Size(TestExif.InPng(png, TestImages.PngChunk("eXIf"u8, withThumbnail), atEnd: false)));
    }

    [Fact]
    public void Exif_data_cut_off_anywhere_states_an_orientation_only_if_it_still_has_it()
    {
        byte[] exif = TestExif.Create(6, little: false);
        const int OrientationEnds = 10 + (2 * 12);

        for (int length = 0; length <= exif.Length; length++)
            Assert.Equal(length < OrientationEnds ? null : SKEncodedOrigin.RightTop, ExifOrientation.Find(exif.AsSpan(0, length)));
    }

    [Theory]
    [InlineData("\nexif\n      12\nzz")]
    [InlineData("exif")]
    [InlineData("\n\n\n")]
    [InlineData("\nexif\n 5\n4")]
    public void Damaged_exif_texts_are_passed_over(string text)
    {
        byte[] png = Encode(Width, Height, Colour, SKEncodedImageFormat.Png);
        byte[] chunk = TestImages.PngChunk("tEXt"u8, [.. "Raw profile type exif\0"u8, .. System.Text.Encoding.Latin1.GetBytes(text)]);
        byte[] packed = TestImages.PngChunk("zTXt"u8, [.. "Raw profile type exif\0\0"u8, .. System.Text.Encoding.Latin1.GetBytes(text)]);

        Assert.Equal((Width, Height), Size(TestExif.InPng(png, chunk, atEnd: false)));
        Assert.Equal((Width, Height), Size(TestExif.InPng(png, packed, atEnd: false)));
    }

    private (int Width, int Height) Size(byte[] file)
    {
        DecodedImage image = _decoder.Decode(file, Frame, Frame);
        return (image.Width, image.Height);
    }

    /// <summary>Another colour at every pixel.</summary>
    private static SKColor Colour(int x, int y) => new((byte)(x * 4), (byte)(y * 6), (byte)((x ^ y) * 3));

    private static byte[] Encode(int width, int height, Func<int, int, SKColor> colour, SKEncodedImageFormat format) =>
        TestImages.Encode(width, height, colour, format);

    private static byte[] Store(string place, int orientation, byte[] exif)
    {
        var stored = TestImages.Stored(Width, Height, Colour, orientation);
        byte[] png = Encode(stored.Width, stored.Height, stored.Colour, SKEncodedImageFormat.Png);
        byte[] prefixed = [.. "Exif\0\0"u8, .. exif];
        return place switch
        {
            "eXIf" => TestExif.InPng(png, TestImages.PngChunk("eXIf"u8, exif), atEnd: false),
            "eXIf at the end" => TestExif.InPng(png, TestImages.PngChunk("eXIf"u8, exif), atEnd: true),
            "eXIf with prefix" => TestExif.InPng(png, TestImages.PngChunk("eXIf"u8, prefixed), atEnd: false),
            "zTXt" => TestExif.InPng(png, TestExif.RawProfile(exif, packed: true), atEnd: false),
            "tEXt" => TestExif.InPng(png, TestExif.RawProfile(exif, packed: false), atEnd: true),
            "WebP" => InWebP(exif),
            "WebP with prefix" => InWebP(prefixed),
            _ => InWebP([.. prefixed, 0]),
        };

        // With quality 100, SkiaSharp encodes WebP without losses.
        byte[] InWebP(byte[] data) =>
            TestExif.InWebP(Encode(stored.Width, stored.Height, stored.Colour, SKEncodedImageFormat.Webp), stored.Width, stored.Height, data);
    }
}
