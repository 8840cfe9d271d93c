using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>Options of a folder of drawn images.</summary>
/// <param name="Count">Number of good images, at least 1.</param>
/// <param name="Seed">Seed of the faces. They differ from the faces of a dataset with the same seed.</param>
/// <param name="WithBrokenFile">Whether to add <see cref="DrawnFaceImages.BrokenFileName"/>.</param>
public sealed record DrawnFaceImagesOptions(int Count, ulong Seed, bool WithBrokenFile);

/// <summary>A drawn image file and its true keypoints.</summary>
/// <param name="FileName">Name in the folder.</param>
/// <param name="Width">Width of the upright image (after its EXIF orientation), pixels.</param>
/// <param name="Height">Height of the upright image, pixels.</param>
/// <param name="Keypoints">The keypoints in the order of <see cref="DrawnFace.KeypointNames"/>, in pixels of the upright image with centres
/// at integers.</param>
public sealed record DrawnFaceImage(string FileName, int Width, int Height, IReadOnlyList<SKPoint> Keypoints);

/// <summary>Writes drawn faces as a typical image folder: JPEG, PNG and WebP of many sizes, not all square. Some are stored rotated
/// and have an EXIF orientation.</summary>
public static class DrawnFaceImages
{
    /// <summary>The broken file: a JPEG whose upload stopped early.</summary>
    public const string BrokenFileName = "interrupted-upload.jpg";

    private const int SmallestSide = 80, LargestSide = 800, BytesBeforeInterruption = 300;

    /// <summary>Writes the images. They replace files with the same names.</summary>
    /// <param name="folder">The folder to write to; created if it is missing.</param>
    /// <param name="options">Options of the images.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    /// <returns>The good images in the order of their names.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The options ask for no image.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static async Task<IReadOnlyList<DrawnFaceImage>> WriteAsync(
        string folder, DrawnFaceImagesOptions options, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Count, 1, nameof(options));
        Directory.CreateDirectory(folder);
        ulong seed = FaceRandom.For(options.Seed, "images", 0).NextBits();
        var images = new DrawnFaceImage[options.Count];
        await Parallel.ForAsync(0, options.Count, cancellationToken, async (number, token) =>
        {
            (images[number], byte[] file) = Draw(seed, number);
            await File.WriteAllBytesAsync(Path.Combine(folder, images[number].FileName), file, token);
        });

        if (options.WithBrokenFile)
        {
            (_, byte[] whole) = Draw(seed, options.Count);
            await File.WriteAllBytesAsync(
                Path.Combine(folder, BrokenFileName), whole[..BytesBeforeInterruption], cancellationToken);
        }

        return images;
    }

    private static (DrawnFaceImage Image, byte[] File) Draw(ulong seed, int number)
    {
        var random = FaceRandom.For(seed, "image", number);
        int side = (int)(SmallestSide * MathF.Pow(LargestSide / (float)SmallestSide, random.Between(0, 1)));
        int longer = random.Chance(0.3f) ? Math.Min(LargestSide, (int)(side * random.Between(1.05f, 1.25f))) : side;
        using DrawnFace face = random.Chance(0.5f)
            ? DrawnFace.Draw(seed, number, longer, side)
            : DrawnFace.Draw(seed, number, side, longer);

        (string extension, byte[] file) = PhotoFile.Encode(face.Picture, number, random);
        return (new DrawnFaceImage(
            $"face-{number + 1:0000}.{extension}", face.Picture.Width, face.Picture.Height, face.Keypoints), file);
    }
}
