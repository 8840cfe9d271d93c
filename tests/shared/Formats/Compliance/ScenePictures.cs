using System.Text;
using KeypointPipeline.Datasets;
using KeypointPipeline.Shared.Tests.Support;
using SkiaSharp;

namespace KeypointPipeline.Shared.Tests.Formats.Compliance;

/// <summary>Scenes with pictures, as zips to prepare.</summary>
internal static class ScenePictures
{
    /// <summary>Writes a scene with a sample and packs it with its pictures.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="scene">The scene.</param>
    /// <param name="change">Returns the file of a picture: null leaves it out. By default, a picture of the size that the scene says.</param>
    public static IReadOnlyList<(string Path, byte[] Content)> Write(
        LabelSample sample, LabelScene scene, Func<ScenePicture, byte[]?>? change = null) =>
    [
        .. sample.Write(scene).Select(file => (file.Path, Encoding.UTF8.GetBytes(file.Text))),
        .. from picture in scene.Pictures
           let content = (change ?? Draw)(picture)
           where content is not null
           select (sample.PicturePath(picture.Name), content),
    ];

    /// <summary>Prepares a scene from a zip.</summary>
    public static Task<PreparedForTest> PrepareAsync(LabelSample sample, LabelScene scene, Func<ScenePicture, byte[]?>? change = null) =>
        PreparedForTest.FromAsync(
            Packing.Stored([.. Write(sample, scene, change)]), "scene.zip", new DatasetOptions { MaximumBadShare = 0.9 });

    /// <summary>Draws a picture of a scene, each with other pixels.</summary>
    public static byte[] Draw(ScenePicture picture) => Draw(picture, picture.Width, picture.Height);

    /// <summary>Draws a picture of a scene in another size.</summary>
    public static byte[] Draw(ScenePicture picture, int width, int height)
    {
        int number = picture.Name.Sum(c => c);
        return TestImages.Encode(width, height, (x, y) => new SKColor((byte)(x * 2), (byte)(y * 3), (byte)(number * 40)), SKEncodedImageFormat.Png);
    }
}
