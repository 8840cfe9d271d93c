using KeypointPipeline.Images;
using KeypointPipeline.Images.Codecs;
using KeypointPipeline.Shared.Tests.Support;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Images.Codecs;

/// <summary>JPEGs without their end marker: those that have all pixels are read, those that lack pixels are refused.</summary>
public sealed class JpegEndTests
{
    private const int Frame = 24;

    /// <summary>A photograph-like progressive JPEG of 40×30 pixels with chroma subsampling and refinement scans, made with libvips.</summary>
    private static readonly byte[] Progressive = Convert.FromBase64String(
        "/9j/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT0"
        + "9PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wgARCAAeACgDASIAAhEBAxEB/8QAGAAAAwEBAAAAAAAAAAAAAAAAAAMEAgb/xAAYAQEBAAMA"
        + "AAAAAAAAAAAAAAAEAwIFBv/aAAwDAQACEAMQAAAB59tG54qbRurVFpVUrnMFzEzX7E8LTb3/AP/EABYQAQEBAAAAAAAAAAAAAAAAAAEAAv/aAAgBAQABBQIzGYzGYzGYzG"
        + "YzGYzGYzGYzBBBBBf/xAAXEQEBAQEAAAAAAAAAAAAAAAADAAEC/9oACAEDAQE/ATSNLlI0jSxL/8QAFxEAAwEAAAAAAAAAAAAAAAAAAAERAv/aAAgBAgEBPwF7g9wo9we4"
        + "U//EABQQAQAAAAAAAAAAAAAAAAAAAED/2gAIAQEABj8CJ//EABQQAQAAAAAAAAAAAAAAAAAAAED/2gAIAQEAAT8hIAAAAAqv/9oADAMBAAIAAwAAABBNACpTP//EABYRAQ"
        + "EBAAAAAAAAAAAAAAAAAAARIf/aAAgBAwEBPxCqrFRRm//EABkRAAIDAQAAAAAAAAAAAAAAAAEQABFBYf/aAAgBAgEBPxBfmuu09z//xAAXEAADAQAAAAAAAAAAAAAAAAAA"
        + "EUEB/9oACAEBAAE/EEwTBMEwTBMEwTBMEwTBMEwTBMMcMcMcMcMcP//Z");

    /// <summary>The same picture in one scan with a restart marker after each block, made with libjpeg-turbo.</summary>
    private static readonly byte[] WithRestarts = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODh"
        + "MREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAeACgDASIAAhEBAxEB/8QAGQAAAwEBAQAAAAAAAAAA"
        + "AAAAAAMEBQYH/8QAGRAAAgMBAAAAAAAAAAAAAAAAAAMEEUEB/8QAGAEAAwEBAAAAAAAAAAAAAAAAAwQGAgX/xAAdEQACAgMBAQEAAAAAAAAAAAAABAIRAQMSITFh/90ABA"
        + "AB/9oADAMBAAIRAxEAPwDz9casK1xqwvXGrBy41YAlv4MLs2f/0OVXGrCtcasL1xqwcuNWGpb+TrLs2f/Ry1xqwDaXGrAHOv0qIM+H/9KJcasK1xqwtWnnB6084JT28k2u"
        + "xZ//0xcasK1xqwtWnnB6084TMt2Y5ArsWf/U31xqwDZWnnAD4lmvozFnw//Z");

    /// <summary>The same picture with a scan for each of its three components, made with libjpeg-turbo.</summary>
    private static readonly byte[] SeveralScans = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODh"
        + "MREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAeACgDASIAAhEBAxEB/8QAGAAAAwEBAAAAAAAAAAAA"
        + "AAAAAwQFAgf/xAAZEAACAwEAAAAAAAAAAAAAAAAAAwQRQQH/2gAIAQEAAD8A5+uNWDa41YNrjVg2uNWDa41YTVxqwMuNWFBcasDLjVhQXGrCYuNWDa41YaXGrBtcasKi41"
        + "YS1p5wOtPOBlp5wOtPOFlaecP/xAAXAQADAQAAAAAAAAAAAAAAAAADBAUG/8QAGxEAAgMAAwAAAAAAAAAAAAAAAAIBAxIRMWH/2gAIAQIRAD8AA1+Blr8jWvSM9uSM10rJ"
        + "rYaeOz//xAAXAQEAAwAAAAAAAAAAAAAAAAAFAgQH/8QAGBEBAQEBAQAAAAAAAAAAAAAABAARAiH/2gAIAQMRAD8AgdOzJ07JcJ8szOjZ46Nr/KfL/9k=");

    private readonly ImageDecoder _decoder = new();

    public static TheoryData<string> Kinds => ["sequential", "grey", "progressive", "with restarts", "several scans"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_jpeg_that_lacks_only_its_end_marker_gives_the_same_frame_and_picture_as_the_whole_one(string kind)
    {
        byte[] whole = Whole(kind);
        byte[] expected = _decoder.Decode(whole, Frame, Frame).Frame;
        using Picture expectedPicture = _decoder.DecodePicture(whole, 1, 100);

        foreach (byte[] file in (byte[][])[whole[..^2], whole[..^1], .. Padded(whole[..^2])])
        {
            DecodedImage image = _decoder.Decode(file, Frame, Frame);
            using Picture picture = _decoder.DecodePicture(file, 1, 100);
            Assert.Equal(expected, image.Frame);
            Assert.Equal(expectedPicture.ToJpeg(90), picture.ToJpeg(90));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_jpeg_cut_off_at_any_byte_is_refused_with_and_without_padding_unless_no_pixel_is_missing(string kind)
    {
        byte[] whole = Whole(kind);
        byte[] expected = _decoder.DecodePicture(whole, 1, 100).ToJpeg(100);
        int accepted = 0;
        for (int length = 2; length < whole.Length - 2; length++)
        {
            foreach (byte[] cut in (byte[][])[whole[..length], .. Padded(whole[..length])])
            {
                if (Record.Exception(() => _decoder.Decode(cut, Frame, Frame)) is Exception refusal)
                {
                    Assert.IsType<ImageRejectedException>(refusal);
                    continue;
                }

                accepted++;
                Assert.Equal(expected, _decoder.DecodePicture(cut, 1, 100).ToJpeg(100));
            }
        }

        // The last byte may hold nothing but padding, or zeros of the data that look like padding of the file.
        Assert.InRange(accepted, 0, 8);
    }

    [Fact]
    public void The_reason_says_that_the_file_is_cut_off()
    {
        byte[] whole = Whole("progressive");
        var refusal = Assert.Throws<ImageRejectedException>(() => _decoder.Decode(whole.AsMemory(0, whole.Length - 40), Frame, Frame));
        Assert.Equal("The JPEG file is cut off: it ends before the last of its 40×30 pixels.", refusal.Message);
    }

    [Fact]
    public void Data_behind_the_end_marker_do_not_matter()
    {
        byte[] whole = Whole("sequential");
        byte[] other = Whole("grey");

        Assert.True(JpegEnd.IsIn((byte[])[.. whole, .. "trailer"u8]));
        Assert.True(JpegEnd.IsIn((byte[])[.. whole, .. other[..^20]]));
        Assert.Equal(_decoder.Decode(whole, Frame, Frame).Frame, _decoder.Decode((byte[])[.. whole, .. other[..^20]], Frame, Frame).Frame);
    }

    [Fact]
    public void An_end_marker_in_a_thumbnail_is_not_the_files()
    {
        byte[] whole = Whole("sequential");
        byte[] thumbnail = [0xFF, 0xE1, 0, 10, .. "Exif\0\0"u8, 0xFF, 0xD9];
        byte[] file = [.. whole[..2], .. thumbnail, .. whole[2..]];

        Assert.True(JpegEnd.IsIn(file));
        Assert.False(JpegEnd.IsIn(file.AsSpan(0, file.Length - 2)));
        Assert.False(JpegEnd.IsIn(file.AsSpan(0, 20)));
    }

    [Fact]
    public void A_jpeg_that_ends_between_two_scans_is_refused_although_every_scan_in_it_is_complete()
    {
        foreach (byte[] whole in (byte[][])[Progressive, SeveralScans])
        {
            int lastScan = whole.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
            int tables = whole.AsSpan(0, lastScan).LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xC4]);

            Assert.IsType<ImageRejectedException>(Record.Exception(() => _decoder.Decode(whole.AsMemory(0, lastScan), Frame, Frame)));
            Assert.IsType<ImageRejectedException>(Record.Exception(() => _decoder.Decode(whole.AsMemory(0, tables), Frame, Frame)));
        }
    }

    private static IEnumerable<byte[]> Padded(byte[] file)
    {
        foreach (int padding in (int[])[1, 3, 8, 4096])
            yield return [.. file, .. new byte[padding]];
        yield return [.. file, .. Enumerable.Repeat((byte)0xFF, 100)];
    }

    private static byte[] Whole(string kind) => kind switch
    {
        "sequential" => TestImages.Encode(40, 30, Colour, SKEncodedImageFormat.Jpeg, quality: 85),
        "grey" => TestImages.Encode(40, 30, TestImages.Spot(20, 10, 8), SKEncodedImageFormat.Jpeg, quality: 100),
        "progressive" => Progressive,
        "with restarts" => WithRestarts,
        _ => SeveralScans,
    };

    private static SKColor Colour(int x, int y) => new((byte)(x * 6), (byte)(y * 8), (byte)((x ^ y) * 4));
}
