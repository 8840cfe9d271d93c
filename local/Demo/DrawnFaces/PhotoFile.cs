using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>Encodes drawn pictures in the formats of a typical folder of photos.</summary>
internal static class PhotoFile
{
    /// <summary>Encodes a picture. Of ten pictures in a row, seven are upright JPEG, one is PNG, one WebP and one a rotated JPEG.</summary>
    /// <param name="upright">The picture.</param>
    /// <param name="number">Its number, which chooses the format.</param>
    /// <param name="random">Chooses the JPEG quality.</param>
    /// <returns>The file's extension without dot, and its bytes.</returns>
    public static (string Extension, byte[] File) Encode(SKBitmap upright, int number, FaceRandom random) => (number % 10) switch
    {
        2 => ("png", Encode(upright, SKEncodedImageFormat.Png)),
        5 => ("webp", Encode(upright, SKEncodedImageFormat.Webp)),
        8 => ("jpg", TurnedJpeg.Encode(upright, TurnedJpeg.Turns[number / 10 % TurnedJpeg.Turns.Count], JpegQuality(random))),
        _ => ("jpg", Encode(upright, SKEncodedImageFormat.Jpeg, JpegQuality(random))),
    };

    private static int JpegQuality(FaceRandom random) => random.Whole(70, 95);

    private static byte[] Encode(SKBitmap picture, SKEncodedImageFormat format, int quality = 90)
    {
        using SKData data = picture.Encode(format, quality);
        return data.ToArray();
    }
}
