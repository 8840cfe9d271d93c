using System.Globalization;
using KeypointPipeline.Bench.Inference.Photos;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Bench.Tests.Inference.Photos;

public sealed class LabelledPhotosTests : IDisposable
{
    private readonly TemporaryFolder _folder = TestFolder.Create("labelled-photos");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Faces_are_found_where_68_found_points_lie_on_the_labelled_eyes_and_mouth()
    {
        SKPoint[] left = Face(100, 100), right = Face(400, 100);
        File.WriteAllText(_folder.File("testing_with_face_landmarks.xml"), $"<dataset><images><image file='a.jpg'>{Box(left)}{Box(right)}</image></images></dataset>");

        IReadOnlyList<LabelledPhoto68> photos = LabelledPhotos.Read(_folder.Path);

        LabelledPhoto68 photo = Assert.Single(photos);
        Assert.Equal((_folder.File("a.jpg"), 2), (photo.Path, photo.Faces.Count));
        Assert.Equal(left, photo.Faces[0]);
        Assert.Equal(2, LabelledPhotos.CountFound(photos, [[Face(403, 102), Face(98, 101)]]));
        Assert.Equal(1, LabelledPhotos.CountFound(photos, [[Face(402, 100), Face(250, 100), Face(401, 100)]]));
        Assert.Equal(0, LabelledPhotos.CountFound(photos, [[]]));
    }

    [Fact]
    public void A_folder_without_68_labelled_points_is_refused_with_where_to_get_them()
    {
        var refused = Assert.Throws<InvalidDataException>(() => LabelledPhotos.Read(_folder.Path));
        Assert.Contains("davisking/dlib", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Points on a grid, 60 pixels wide.</summary>
    private static SKPoint[] Face(float x, float y) => [.. Enumerable.Range(0, 68).Select(k => new SKPoint(x + (6 * (k % 11)), y + (10 * (k / 11))))];

    private static string Box(SKPoint[] face) => "<box>" + string.Concat(face.Select((point, k) =>
        string.Create(CultureInfo.InvariantCulture, $"<part name='{k:00}' x='{point.X}' y='{point.Y}'/>"))) + "</box>";
}
