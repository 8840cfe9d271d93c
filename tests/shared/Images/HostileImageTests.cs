using System.Buffers.Binary;
using System.Text;
using KeypointPipeline.Images;
using KeypointPipeline.Images.Codecs;
using KeypointPipeline.Shared.Tests.Support;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Images;

/// <summary>Images made to cost memory or time.</summary>
public sealed class HostileImageTests
{
    private readonly ImageDecoder _decoder = new();

    [Fact]
    public void The_largest_sizes_that_formats_can_state_are_refused_by_the_header()
    {
        byte[] png = TestImages.Png(8, 8, 8, 2, new byte[24]);
        byte[] bmp = TestImages.Encode(8, 8, (_, _) => SKColors.Red, SKEncodedImageFormat.Bmp);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(18), 65_535);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(22), 65_535);

        Assert.Contains("65535×65535", Refusal(TestImages.Png(65_535, 65_535, 1, 0, [])), StringComparison.Ordinal);
        Assert.Contains("16383×16383", Refusal(LosslessWebP(16_383, 16_383)), StringComparison.Ordinal);
        Assert.Contains("65535×65535", Refusal(bmp), StringComparison.Ordinal);
        Assert.Contains("JPEG", Refusal(TestImages.ProgressiveJpeg(65_535, 65_535, detailScans: 1)), StringComparison.Ordinal);
        Assert.NotNull(_decoder.Decode(png, 8, 8));
    }

    [Fact]
    public void A_few_bytes_that_stand_for_a_huge_picture_are_refused_without_decoding_it()
    {
        Assert.Equal(
            "The image is 10000×10000 pixels in only 36 bytes: it looks like a decompression bomb.", Refusal(LosslessWebP(10_000, 10_000)));
        Assert.Equal(3_000, _decoder.Decode(LosslessWebP(3_000, 3_000), 16, 16).Width);
    }

    [Fact]
    public void Large_pictures_are_read_where_they_have_a_byte_per_thousand_pixels()
    {
        byte[] small = TestImages.Png(5_000, 4_000, 1, 0, new byte[625]);
        byte[] padded = [.. small, .. new byte[20_000 - small.Length]];

        Assert.Contains($"in only {small.Length:N0} bytes", Refusal(small), StringComparison.Ordinal);
        Assert.Equal(5_000, _decoder.Decode(padded, 16, 16).Width);
    }

    [Theory]
    [InlineData("tEXt")]
    [InlineData("iCCP")]
    [InlineData("eXIf")]
    public void Long_metadata_of_a_png_is_not_even_looked_at(string type)
    {
        byte[] png = TestImages.Encode(40, 30, TestImages.Spot(20, 10, 4), SKEncodedImageFormat.Png);
        int afterHeader = 8 + 25;
        byte[] name = Encoding.ASCII.GetBytes(type);
        byte[] padded = [.. png[..afterHeader], .. TestImages.PngChunk(name, new byte[30 << 20]), .. TestImages.PngChunk(name, new byte[PngMetadata.LongestKept]), .. png[afterHeader..]];

        ReadOnlyMemory<byte> kept = PngMetadata.WithoutLong(padded);

        Assert.Equal(png.Length + PngMetadata.LongestKept + 12, kept.Length);
        Assert.Equal(png, (byte[])[.. kept.Span[..afterHeader], .. kept.Span[^(png.Length - afterHeader)..]]);
        Assert.Equal(_decoder.Decode(png, 16, 16).Frame, _decoder.Decode(padded, 16, 16).Frame);
    }

    [Fact]
    public void Pixels_of_a_png_are_kept_however_long_their_chunk_is_and_damaged_lengths_end_the_search()
    {
        byte[] png = TestImages.Encode(600, 500, (x, y) => new SKColor((uint)(x * 2_654_435_761L ^ y * 40_503L) | 0xFF000000), SKEncodedImageFormat.Png);
        byte[] wrong = [.. png];
        BinaryPrimitives.WriteUInt32BigEndian(wrong.AsSpan(8), uint.MaxValue);

        Assert.True(png.Length > 2 * PngMetadata.LongestKept);
        Assert.True(PngMetadata.WithoutLong(png).Equals(png));
        Assert.True(PngMetadata.WithoutLong(wrong).Equals(wrong));
        Assert.True(PngMetadata.WithoutLong(png.AsMemory(0, 5)).Equals(png.AsMemory(0, 5)));
    }

    [Fact]
    public void An_animation_of_very_many_frames_is_counted_in_one_pass()
    {
        byte[] animation = TestImages.AnimatedWebP;
        int first = animation.AsSpan().IndexOf("ANMF"u8);
        int frameBytes = 8 + BinaryPrimitives.ReadInt32LittleEndian(animation.AsSpan(first + 4));
        byte[] many = [.. animation[..first], .. Enumerable.Repeat(animation[first..(first + frameBytes)], 300_000).SelectMany(frame => frame)];

        Assert.StartsWith("The image is an animation of 300,000 frames", Refusal(many), StringComparison.Ordinal);
    }

    [Fact]
    public void A_progressive_jpeg_of_more_scans_than_any_program_writes_is_refused()
    {
        Assert.Equal(500, _decoder.Decode(TestImages.ProgressiveJpeg(500, 400, detailScans: 20), 16, 16).Width);
        Assert.Equal("The JPEG file is damaged (InvalidInput).", Refusal(TestImages.ProgressiveJpeg(500, 400, detailScans: 101)));
    }

    [Fact]
    public void Files_filled_with_metadata_up_to_the_limit_are_read()
    {
        byte[] jpeg = TestImages.Encode(40, 30, TestImages.Spot(20, 10, 4), SKEncodedImageFormat.Jpeg);
        byte[] profile = [0xFF, 0xE2, 0xFF, 0xFF, .. "ICC_PROFILE\0"u8, 1, 255, .. new byte[65_519]];
        byte[] exif = [0xFF, 0xE1, 0xFF, 0xFF, .. "Exif\0\0MM\0*\0\0\0\b"u8, 0xFF, 0xFF, .. new byte[65_517]];
        byte[] padded = [.. jpeg[..2], .. Enumerable.Repeat(profile, 300).SelectMany(p => p), .. Enumerable.Repeat(exif, 100).SelectMany(e => e), .. jpeg[2..]];

        Assert.Equal(_decoder.Decode(jpeg, 16, 16).Frame, _decoder.Decode(padded, 16, 16).Frame);
    }

    [Theory]
    [InlineData("\0\0\u0001\0\u0001\0\u0010\u0010\0\0\u0001\0 \0\0\u0001\0\0\u0016\0\0\0")] // icon
    [InlineData("\0\0\u0010\u0010\u0001\u0002\u0003")] // WBMP
    [InlineData("GIF87a\u0001\0\u0001\0\0\0\0")]
    public void What_other_decoders_would_read_never_reaches_one(string content)
    {
        byte[] file = Encoding.Latin1.GetBytes(content);

        Assert.Null(ImageFormats.Find(file));
        Assert.Equal(ForeignFormat.Describe(file), Refusal(file));
    }

    private string Refusal(byte[] file) => Assert.Throws<ImageRejectedException>(() => _decoder.Decode(file, 16, 16)).Message;

    /// <summary>One colour all over: the pixels take seven bytes, whatever their number.</summary>
    private static byte[] LosslessWebP(int width, int height)
    {
        byte[] file = [.. "RIFF"u8, 28, 0, 0, 0, .. "WEBPVP8L"u8, 16, 0, 0, 0, 0x2F, 0, 0, 0, 0, 0x07, 0x10, 0xFD, 0x8F, 0xFE, 0x07, 0x22, 0xA2, 0xFF, 0x01, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(21), (uint)(width - 1) | ((uint)(height - 1) << 14));
        return file;
    }
}
