using KeypointPipeline.Bench.Inference.Photos;
using KeypointPipeline.Images;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Bench.Tests.Inference.Photos;

public sealed class ComposedPhotosTests : IDisposable
{
    private readonly TemporaryFolder _folder = TestFolder.Create("composed-photos");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Photos_have_1_to_12_megapixels_and_the_same_bytes_again()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        string[] paths = await ComposedPhotos.WriteAsync(_folder.File("once"), 2, cancellationToken);
        string[] again = await ComposedPhotos.WriteAsync(_folder.File("again"), 2, cancellationToken);

        var decoder = new ImageDecoder();
        foreach ((string path, string same) in paths.Zip(again))
        {
            byte[] file = await File.ReadAllBytesAsync(path, cancellationToken);
            Assert.Equal(file, await File.ReadAllBytesAsync(same, cancellationToken));
            using OpenedPicture picture = decoder.Open(file);
            Assert.InRange(picture.Width * (long)picture.Height, 990_000, 12_000_000);
        }
    }
}
