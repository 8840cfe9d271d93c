using KeypointPipeline.Local.Demo.DrawnFaces;
using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnScenes;

/// <summary>Options of a folder of drawn scenes.</summary>
/// <param name="Count">Number of good photos, at least 1.</param>
/// <param name="Seed">Seed of the scenes. Their faces differ from those of a dataset with the same seed.</param>
/// <param name="WithBrokenFile">Whether to add <see cref="DrawnFaceImages.BrokenFileName"/>.</param>
public sealed record DrawnScenePhotosOptions(int Count, ulong Seed, bool WithBrokenFile);

/// <summary>A drawn photo and the true keypoints of its faces.</summary>
/// <param name="FileName">Name in the folder.</param>
/// <param name="Width">Width of the upright photo (after its EXIF orientation), pixels.</param>
/// <param name="Height">Height of the upright photo, pixels.</param>
/// <param name="Faces">Each face's keypoints in the order of <see cref="DrawnFace.KeypointNames"/>, in pixels of the upright photo with
/// centres at integers.</param>
public sealed record DrawnScenePhoto(string FileName, int Width, int Height, IReadOnlyList<IReadOnlyList<SKPoint>> Faces);

/// <summary>Writes drawn scenes as a typical folder of photos: zero to six faces each, in several formats, sizes and orientations.</summary>
public static class DrawnScenePhotos
{
    /// <summary>The most faces in a photo.</summary>
    public const int MostFaces = 6;

    private const int SmallestSide = 320, LargestSide = 1600, BytesBeforeInterruption = 300;

    private static readonly SKSizeI GroupPhoto = new(1500, 1000);

    /// <summary>Writes the photos. They replace files with the same names.</summary>
    /// <param name="folder">The folder to write to; created if it is missing.</param>
    /// <param name="options">Options of the photos.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    /// <returns>The good photos in the order of their names. The first is a large group photo. The number of faces goes from
    /// <see cref="MostFaces"/> down to 0 and starts again.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The options ask for no photo.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static async Task<IReadOnlyList<DrawnScenePhoto>> WriteAsync(
        string folder, DrawnScenePhotosOptions options, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Count, 1, nameof(options));
        Directory.CreateDirectory(folder);
        var photos = new DrawnScenePhoto[options.Count];
        await Parallel.ForAsync(0, options.Count, cancellationToken, async (number, token) =>
        {
            (photos[number], byte[] file) = Draw(options.Seed, number);
            await File.WriteAllBytesAsync(Path.Combine(folder, photos[number].FileName), file, token);
        });

        if (options.WithBrokenFile)
        {
            (_, byte[] whole) = Draw(options.Seed, options.Count);
            await File.WriteAllBytesAsync(
                Path.Combine(folder, DrawnFaceImages.BrokenFileName), whole[..BytesBeforeInterruption], cancellationToken);
        }

        return photos;
    }

    private static (DrawnScenePhoto Photo, byte[] File) Draw(ulong seed, int number)
    {
        var random = FaceRandom.For(seed, "scene photo", number);
        SKSizeI size = number == 0 ? GroupPhoto : Size(random);
        using DrawnScene scene = DrawnScene.Draw(seed, number, size.Width, size.Height, MostFaces - number % (MostFaces + 1));
        (string extension, byte[] file) = PhotoFile.Encode(scene.Picture, number, random);
        return (new DrawnScenePhoto($"photo-{number + 1:0000}.{extension}", size.Width, size.Height, scene.Faces), file);
    }

    private static SKSizeI Size(FaceRandom random)
    {
        int longer = (int)(SmallestSide * MathF.Pow(LargestSide / (float)SmallestSide, random.Between(0, 1)));
        int shorter = (int)(longer * random.Between(0.6f, 1));
        return random.Chance(0.7f) ? new SKSizeI(longer, shorter) : new SKSizeI(shorter, longer);
    }
}
