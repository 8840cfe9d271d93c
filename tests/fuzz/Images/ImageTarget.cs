using System.Text;
using KeypointPipeline.Fuzz.Tests.Mutations;
using KeypointPipeline.Images;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Fuzz.Tests.Images;

/// <summary>Reads images and zips of images as a batch does: decoded for the model and for people.</summary>
internal sealed class ImageTarget : IFuzzTarget
{
    public const string TargetName = "images";

    private const int FrameWidth = 32;
    private const int FrameHeight = 24;
    private const int SmallestPicture = 40;
    private const int LargestPicture = 80;

    private readonly ImageDecoder _decoder = new();
    private readonly TemporaryFolder _folder = FastFolder.Create();

    /// <inheritdoc/>
    public string Name => TargetName;

    /// <inheritdoc/>
    public TimeSpan Patience { get; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    /// <remarks>The largest image by <see cref="ImageLimits"/> at ten bytes a pixel, and the process itself.</remarks>
    public long MemoryCeiling => (10L * ImageLimits.Default.MaximumPixels) + 200_000_000;

    /// <inheritdoc/>
    public FuzzInput Create(int seed, long number) => ImageInputs.Create(Draw.For(seed, number));

    /// <inheritdoc/>
    public Task<FuzzVerdict> FeedAsync(FuzzInput input, bool inPieces, CancellationToken cancellationToken) =>
        input.Name == ImageInputs.ZipName ? FeedZipAsync(input.Content, cancellationToken) : Task.FromResult(FeedImage(input.Content));

    public void Dispose() => _folder.Dispose();

    private FuzzVerdict FeedImage(ReadOnlyMemory<byte> file)
    {
        try
        {
            DecodedImage image = _decoder.Decode(file, FrameWidth, FrameHeight);
            using Picture picture = _decoder.DecodePicture(file, SmallestPicture, LargestPicture);
            byte[] shown = picture.ToJpeg(quality: 80);
            return WhatIsBroken(image, picture) is string fault
                ? FuzzVerdict.Broken(fault)
                : FuzzVerdict.Accepted(image.Frame, shown, Encoding.UTF8.GetBytes($"{image.Width} {image.Height} {image.Transform}"));
        }
        catch (ImageRejectedException e)
        {
            return FuzzVerdict.Refused(e.Message);
        }
    }

    private string? WhatIsBroken(DecodedImage image, Picture picture)
    {
        if (image.Width < 1 || image.Height < 1 || (long)image.Width * image.Height > _decoder.Limits.MaximumPixels)
            return $"An image of {image.Width}×{image.Height} pixels was decoded.";
        if (image.Frame.Length != FrameWidth * FrameHeight)
            return $"The frame has {image.Frame.Length} pixels.";
        if (!double.IsFinite(image.Transform.Scale) || !double.IsFinite(image.Transform.Left) || !double.IsFinite(image.Transform.Top))
            return $"The frame lies at {image.Transform}.";
        return Math.Max(picture.Width, picture.Height) is < SmallestPicture or > LargestPicture
            ? $"The picture for people has {picture.Width}×{picture.Height} pixels."
            : null;
    }

    private async Task<FuzzVerdict> FeedZipAsync(byte[] content, CancellationToken cancellationToken)
    {
        string path = _folder.File(ImageInputs.ZipName);
        await File.WriteAllBytesAsync(path, content, cancellationToken);
        try
        {
            using ImageSet folder = await ImageSet.OpenAsync(path, cancellationToken);
            var verdicts = new List<FuzzVerdict>();
            foreach (ImageSource image in folder.Images)
                verdicts.Add(await FeedEntryAsync(image, cancellationToken));
            return verdicts.Find(verdict => verdict.Fault is not null)
                ?? FuzzVerdict.Accepted([.. verdicts.Select(verdict => Encoding.UTF8.GetBytes(verdict.Digest))]);
        }
        catch (InvalidDataException e)
        {
            return FuzzVerdict.Refused(e.Message);
        }
    }

    private async Task<FuzzVerdict> FeedEntryAsync(ImageSource image, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream stream = await image.OpenAsync(cancellationToken);
            using var file = new MemoryStream();
            await stream.CopyToAsync(file, cancellationToken);
            return FeedImage(file.GetBuffer().AsMemory(0, (int)file.Length));
        }
        catch (ImageRejectedException e)
        {
            return FuzzVerdict.Refused(e.Message);
        }
    }
}
