using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Images.Placing;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;

namespace KeypointPipeline.Inference;

/// <summary>Frames the instances of images as a model's training set did. Several threads can call it at once.</summary>
/// <param name="model">The model.</param>
/// <param name="decoder">Decodes the images.</param>
/// <param name="finder">Finds the instances of images of which no file states where they are.</param>
internal sealed class ImageFramer(KeypointModel model, ImageDecoder decoder, IInstanceFinder finder)
{
    private const int Decimals = 3;

    private readonly Framing _framing = model.Metadata.Framing.For(model.Schema.Names);
    private readonly FrameSize _frame = new(model.Schema.FrameWidth, model.Schema.FrameHeight);

    /// <summary>Frames the instances of an image: where a file states them, else where the finder finds them. If neither knows one, the whole
    /// image is one instance.</summary>
    /// <param name="image">The image.</param>
    /// <param name="index">Its place in the set, from 0.</param>
    /// <param name="file">The bytes of its file.</param>
    /// <param name="wantsPicture">Whether a picture to draw on is decoded too.</param>
    /// <exception cref="ImageRejectedException">The file cannot be used. The message is the reason.</exception>
    public FramedImage Frame(ImageSource image, int index, ReadOnlyMemory<byte> file, bool wantsPicture)
    {
        using OpenedPicture picture = decoder.Open(file);
        string hash = InstanceId.Hash(file.Span);
        IReadOnlyList<InstancePlace> stated = _framing.NeedsPlace ? image.FindPlaces?.Invoke(picture) ?? [] : [];
        return stated.Count == 0 && finder.Finest(picture.Width, picture.Height) is double finest
            ? Search(image.Name, index, picture, hash, finest, wantsPicture)
            : Finish(image.Name, index, picture, decoded: null, stated.Count == 0 ? [Whole(hash, picture)] : Framed(hash, picture, stated), wantsPicture);
    }

    private FramedImage Search(string name, int index, OpenedPicture picture, string hash, double finest, bool wantsPicture)
    {
        using DecodedPicture decoded = picture.Decode(finest);
        IReadOnlyList<InstancePlace> found = finder.Find(decoded);
        IReadOnlyList<FramedInstance> instances = found.Count == 0 ? [Whole(hash, picture)] : Framed(hash, picture, found);
        return Finish(name, index, picture, decoded, [.. instances.Select(instance => instance with { IsSearched = true })], wantsPicture);
    }

    /// <summary>Samples the frames. The pixels that the finder looked at serve, unless a frame is so small that it needs finer ones.</summary>
    private FramedImage Finish(
        string name, int index, OpenedPicture picture, DecodedPicture? decoded, IReadOnlyList<FramedInstance> instances, bool wantsPicture)
    {
        FrameTransform[] transforms = [.. instances.Where(instance => instance.Error is null).Select(instance => instance.Transform)];
        // Without a frame, only a picture may be wanted.
        double finest = transforms.Select(transform => transform.Scale).DefaultIfEmpty(double.PositiveInfinity).Min();
        using DecodedPicture? own = decoded is null && transforms.Length > 0 ? picture.Decode(transforms)
            : decoded?.Reduction > Math.Max(finest, 1) ? picture.Decode(finest)
            : null;
        DecodedPicture? pixels = own ?? decoded;
        if (transforms.Length > 0)
        {
            // The frames have the order of the instances, and failed instances are last.
            IReadOnlyList<byte[]> frames = pixels!.Sample(transforms, _frame);
            instances = [.. instances.Select((instance, i) => i < frames.Count ? instance with { Frame = frames[i] } : instance)];
        }

        Picture? shown = !wantsPicture ? null
            : pixels?.ToPicture(ImageSetPredictor.SmallestPicture, ImageSetPredictor.LargestPicture)
            ?? picture.ToPicture(ImageSetPredictor.SmallestPicture, ImageSetPredictor.LargestPicture);
        return new FramedImage(index, name, picture.Width, picture.Height, instances, shown, Error: null);
    }

    private FramedInstance Whole(string hash, OpenedPicture picture) =>
        new(FrameTransform.Fit(picture.Width, picture.Height, _frame.Width, _frame.Height), Frame: null, InstanceId.Of(hash, 1))
        {
            LacksPlace = _framing.NeedsPlace || finder.Kind != FinderKind.Whole,
        };

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
        if (place.Frame is FrameTransform known)
            return new Placed(place, known, Error: null);
        bool isPlaced = _framing.TryPlace(place.Box, [.. place.Points], picture.Width, picture.Height, _frame, out FrameTransform transform, out string? problem);
        return new Placed(place, transform, isPlaced ? null : $"{place.Source}: {problem}.");
    }

    /// <summary>Returns the box that the frame was taken from. For a frame around points it is the frame without the margin, which gives the
    /// same frame again. For a found face it is the frame's outline, which is turned.</summary>
    private PictureBox BoxOf(InstancePlace place, FrameTransform transform)
    {
        if (place.Frame is not null)
            return Rounded(transform.Outline(_frame));
        if (place.Box is PictureBox box && (_framing.Kind == FramingKind.Box || KnownPoints.Count([.. place.Points]) < 2))
            return box;
        double width = _frame.Width * transform.Scale / _framing.Margin;
        double height = _frame.Height * transform.Scale / _framing.Margin;
        double x = ((_frame.Width / 2.0) - transform.Left) * transform.Scale;
        double y = ((_frame.Height / 2.0) - transform.Top) * transform.Scale;
        return Rounded(new PictureBox(x - (width / 2), y - (height / 2), width, height));
    }

    private static PictureBox Rounded(PictureBox box) => new(
        Math.Round(box.Left, Decimals), Math.Round(box.Top, Decimals), Math.Round(box.Width, Decimals), Math.Round(box.Height, Decimals), Math.Round(box.Angle, Decimals));

    /// <param name="Place">What a file states or the finder found.</param>
    /// <param name="Transform">The place of the frame; the default if there is none.</param>
    /// <param name="Error">Why there is no frame, or null.</param>
    private sealed record Placed(InstancePlace Place, FrameTransform Transform, string? Error);
}
