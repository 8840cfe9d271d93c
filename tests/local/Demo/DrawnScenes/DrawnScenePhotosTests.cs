using KeypointPipeline.Images;
using KeypointPipeline.Local.Demo.DrawnFaces;
using KeypointPipeline.Local.Demo.DrawnScenes;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Local.Tests.Demo.DrawnScenes;

public sealed class DrawnScenePhotosTests : IDisposable
{
    private readonly TemporaryFolder _folder = TestFolder.Create("drawn-scenes");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Photos_have_zero_to_six_faces_and_are_read_upright_in_their_stated_size()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        IReadOnlyList<DrawnScenePhoto> photos = await WriteAsync(14);

        Assert.Equal([6, 5, 4, 3, 2, 1, 0, 6, 5, 4, 3, 2, 1, 0], photos.Select(photo => photo.Faces.Count));
        Assert.Equal(15, Directory.GetFiles(_folder.Path).Length);
        var decoder = new ImageDecoder();
        foreach (DrawnScenePhoto photo in photos)
        {
            byte[] file = await File.ReadAllBytesAsync(_folder.File(photo.FileName), cancellationToken);
            using OpenedPicture picture = decoder.Open(file);
            Assert.Equal((photo.Width, photo.Height), (picture.Width, picture.Height));
        }

        using SKBitmap? broken = SKBitmap.Decode(_folder.File(DrawnFaceImages.BrokenFileName));
        Assert.Null(broken);
    }

    [Fact]
    public async Task The_same_seed_writes_the_same_files_and_truth()
    {
        IReadOnlyList<DrawnScenePhoto> photos = await WriteAsync(7);
        Dictionary<string, byte[]> once = Directory.GetFiles(_folder.Path).ToDictionary(path => path, File.ReadAllBytes);
        IReadOnlyList<DrawnScenePhoto> again = await WriteAsync(7);

        Assert.All(once, file => Assert.Equal(file.Value, File.ReadAllBytes(file.Key)));
        Assert.Equal(photos.SelectMany(photo => photo.Faces), again.SelectMany(photo => photo.Faces));
    }

    private Task<IReadOnlyList<DrawnScenePhoto>> WriteAsync(int count) => DrawnScenePhotos.WriteAsync(
        _folder.Path, new DrawnScenePhotosOptions(count, 1, WithBrokenFile: true), TestContext.Current.CancellationToken);
}
