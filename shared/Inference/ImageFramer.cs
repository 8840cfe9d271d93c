using KeypointPipeline.Images;
using KeypointPipeline.Images.Placing;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;

namespace KeypointPipeline.Inference;

/// <summary>Frames the instances of images as a model's training set did. Several threads can call it at once.</summary>
/// <param name="model">The model.</param>
/// <param name="decoder">Decodes the images.</param>
internal sealed class ImageFramer(KeypointModel model, ImageDecoder decoder)
{
    private const int Decimals = 3;

    private readonly Framing _framing = model.Metadata.Framing.For(model.Schema.Names);
    private readonly FrameSize _frame = new(model.Schema.FrameWidth, model.Schema.FrameHeight);

    /// <summary>Frames the instances of an image. If nothing states where they are, the whole image is one instance.</summary>
    /// <param name="image">The image.</param>
    /// <param name="index">Its place in the set, from 0.</param>
    /// <param name="file">The bytes of its file.</param>
    /// <param name="wantsPicture">Whether a picture to draw on is decoded too.</param>
    /// <exception cref="ImageRejectedException">The file cannot be used. The message is the reason.</exception>
    public FramedImage Frame(ImageSource image, int index, ReadOnlyMemory<byte> file, bool wantsPicture)
    {
        using OpenedPicture picture = decoder.Open(file);
        string hash = InstanceId.Hash(file.Span);
        IReadOnlyList<InstancePlace> places = _framing.NeedsPlace ? image.FindPlaces?.Invoke(picture) ?? [] : [];
        IReadOnlyList<FramedInstance> instances = places.Count == 0 ? [Whole(hash, picture)] : Framed(hash, picture, places);
        FrameTransform[] transforms = [.. instances.Where(instance => instance.Error is null).Select(instance => instance.Transform)];
        if (transforms.Length > 0)
        {
            // The frames have the order of the instances, and failed instances are last.
            IReadOnlyList<byte[]> frames = picture.Sample(transforms, _frame);
            instances = [.. instances.Select((instance, i) => i < frames.Count ? instance with { Frame = frames[i] } : instance)];
        }

        Picture? shown = wantsPicture ? picture.ToPicture(ImageSetPredictor.SmallestPicture, ImageSetPredictor.LargestPicture) : null;
        return new FramedImage(index, image.Name, picture.Width, picture.Height, instances, shown, Error: null);
    }

    private FramedInstance Whole(string hash, OpenedPicture picture) =>
        new(FrameTransform.Fit(picture.Width, picture.Height, _frame.Width, _frame.Height), Frame: null, InstanceId.Of(hash, 1)) { LacksPlace = _framing.NeedsPlace };

    /// <summary>Orders the instances by size; equal ones keep the order of the file. Numbers count in that order.</summary>
    private FramedInstance[] Framed(string hash, OpenedPicture picture, IReadOnlyList<InstancePlace> places)
    {
        IEnumerable<Placed> ordered = places
            .Select(place => Find(place, picture))
            .OrderBy(placed => placed.Error is not null)
            .ThenByDescending(placed => placed.Transform.Scale);
        return [.. ordered.Select((placed, i) => new FramedInstance(placed.Transform, Frame: null, placed.Place.Id ?? InstanceId.Of(hash, i + 1))
        {
            Box = placed.Error is null ? BoxOf(placed.Place, placed.Transform) : placed.Place.Box,
            Error = placed.Error,
        })];
    }

    private Placed Find(InstancePlace place, OpenedPicture picture)
    {
        if (place.Fault is not null)
            return new Placed(place, default, $"{place.Fault}.");
        bool isPlaced = _framing.TryPlace(place.Box, [.. place.Points], picture.Width, picture.Height, _frame, out FrameTransform transform, out string? problem);
        return new Placed(place, transform, isPlaced ? null : $"{place.Source}: {problem}.");
    }

    /// <summary>Returns the box that the frame was taken from. For a frame around points it is the frame without the margin, which gives the
    /// same frame again.</summary>
    private PictureBox BoxOf(InstancePlace place, FrameTransform transform)
    {
        if (place.Box is PictureBox box && (_framing.Kind == FramingKind.Box || KnownPoints.Count([.. place.Points]) < 2))
            return box;
        double width = _frame.Width * transform.Scale / _framing.Margin;
        double height = _frame.Height * transform.Scale / _framing.Margin;
        double x = ((_frame.Width / 2.0) - transform.Left) * transform.Scale;
        double y = ((_frame.Height / 2.0) - transform.Top) * transform.Scale;
        return new PictureBox(
            Math.Round(x - (width / 2), Decimals), Math.Round(y - (height / 2), Decimals), Math.Round(width, Decimals), Math.Round(height, Decimals));
    }

    /// <param name="Place">What a file states.</param>
    /// <param name="Transform">The place of the frame; the default if there is none.</param>
    /// <param name="Error">Why there is no frame, or null.</param>
    private sealed record Placed(InstancePlace Place, FrameTransform Transform, string? Error);
}
