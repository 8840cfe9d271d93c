using KeypointPipeline.Images.Codecs;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Images;

/// <summary>Decodes JPEG, PNG, WebP, BMP, PGM and PPM files into the grey frames that models take. Several threads can call it at once.</summary>
/// <remarks>
/// The format is recognised by content. EXIF orientation is applied: sizes and coordinates are those of the upright image, as
/// people see it. The image keeps its aspect ratio and is centred in the frame (<see cref="FrameTransform.Fit"/>). The rest of the
/// frame repeats the image's border. Transparency is flattened onto white. Grey follows ITU-R BT.601. Colour profiles are ignored.
/// </remarks>
public sealed class ImageDecoder
{
    private readonly ImageLimits _limits;
    private readonly Lock _large = new();

    /// <summary>Creates a decoder.</summary>
    /// <param name="limits">Limits of images. Null means <see cref="ImageLimits.Default"/>.</param>
    public ImageDecoder(ImageLimits? limits = null) => _limits = limits ?? ImageLimits.Default;

    /// <summary>Limits of images. Images beyond them are rejected.</summary>
    public ImageLimits Limits => _limits;

    /// <summary>Whether a file is in a format that is read.</summary>
    /// <param name="start">The first bytes of the file, at least 16 if it has them.</param>
    public static bool Recognizes(ReadOnlySpan<byte> start) => ImageFormats.Find(start) is not null;

    /// <summary>Names the format of a file that is not read, and says what to do.</summary>
    /// <param name="start">The first bytes of the file, at least 16 if it has them.</param>
    /// <returns>A message, or null if the format is unknown or is read.</returns>
    public static string? DescribeForeign(ReadOnlySpan<byte> start) => ForeignFormat.Find(start);

    /// <summary>Opens a file. Its format and size are checked; its pixels are not decoded yet.</summary>
    /// <param name="file">The bytes of the whole file. They must not change until the picture is disposed.</param>
    /// <exception cref="ImageRejectedException">The file cannot be used. The message is the reason.</exception>
    public OpenedPicture Open(ReadOnlyMemory<byte> file) => new(EncodedImage.Open(file, _limits), _large);

    /// <summary>Decodes a file into a frame.</summary>
    /// <param name="file">The bytes of the whole file.</param>
    /// <param name="frameWidth">Frame width in pixels.</param>
    /// <param name="frameHeight">Frame height in pixels.</param>
    /// <exception cref="ImageRejectedException">The file cannot be used. The message is the reason.</exception>
    public DecodedImage Decode(ReadOnlyMemory<byte> file, int frameWidth, int frameHeight)
    {
        using OpenedPicture picture = Open(file);
        var transform = FrameTransform.Fit(picture.Width, picture.Height, frameWidth, frameHeight);
        byte[] frame = picture.Sample([transform], new FrameSize(frameWidth, frameHeight))[0];
        return new DecodedImage(picture.Width, picture.Height, frame, transform);
    }

    /// <summary>Decodes a file into a picture for people.</summary>
    /// <param name="file">The bytes of the whole file.</param>
    /// <param name="minimumSide">Minimum length of the picture's longer side in pixels. Smaller images are enlarged.</param>
    /// <param name="maximumSide">Maximum length of the picture's longer side in pixels. Larger images are reduced.</param>
    /// <exception cref="ImageRejectedException">The file cannot be used. The message is the reason.</exception>
    public Picture DecodePicture(ReadOnlyMemory<byte> file, int minimumSide, int maximumSide)
    {
        using OpenedPicture picture = Open(file);
        return picture.ToPicture(minimumSide, maximumSide);
    }
}
