using System.Runtime.CompilerServices;
using System.Threading.Channels;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;

namespace KeypointPipeline.Inference;

/// <summary>Predicts any number of images in constant memory. It reads a few files ahead, decodes them side by side and predicts them
/// in batches. Each image gives its results together, in the images' order: one for each instance, or one with the reason if it failed. A
/// result does not depend on timing or on other images.</summary>
public sealed class ImageSetPredictor
{
    /// <summary>Maximum of the longer side of a picture to draw on, in pixels.</summary>
    public const int LargestPicture = 800;

    /// <summary>Minimum of the longer side of a picture to draw on, in pixels.</summary>
    public const int SmallestPicture = 400;

    /// <summary>Why an image failed in which no face was found.</summary>
    internal const string NoFace = "no face found";

    /// <summary>Files that are read or decoded at once. The files in memory take at most this many times
    /// <see cref="ImageLimits.MaximumBytes"/>.</summary>
    private const int ReadAhead = 8;

    /// <summary>Images of all sets that are decoded and searched at once. More would take memory and save no time: a thread pool adds threads when
    /// other programs keep the processors busy.</summary>
    private static readonly SemaphoreSlim Processors = new(Environment.ProcessorCount);

    private readonly KeypointModel _model;
    private readonly ImageFramer _framer;
    private readonly int _maximumBytes;

    /// <summary>Creates a predictor.</summary>
    /// <param name="model">The model; the caller disposes it.</param>
    /// <param name="decoder">Reads the images.</param>
    /// <param name="finder">Finds the instances of images of which no file states where they are. See <see cref="Finders"/>.</param>
    public ImageSetPredictor(KeypointModel model, ImageDecoder decoder, IInstanceFinder finder)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(finder);
        _model = model;
        _framer = new ImageFramer(model, decoder, finder);
        _maximumBytes = decoder.Limits.MaximumBytes;
    }

    /// <summary>Predicts a set of images.</summary>
    /// <param name="images">The images.</param>
    /// <param name="firstIndex">Index of the first image, if the set is part of a larger set.</param>
    /// <param name="wantsPicture">Whether the result at an index includes its picture.</param>
    /// <param name="cancellationToken">Cancels reading and predicting.</param>
    public async IAsyncEnumerable<PredictedImage> PredictAsync(
        IAsyncEnumerable<ImageSource> images,
        int firstIndex,
        Func<int, bool> wantsPicture,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var candidates = Channel.CreateBounded<Task<FramedImage>>(new BoundedChannelOptions(ReadAhead) { SingleReader = true, SingleWriter = true });
        Task feeding = FeedAsync(images, firstIndex, wantsPicture, candidates.Writer, stop.Token);
        var pending = new Queue<Task<List<PredictedImage>>>();
        var batch = new List<FramedImage>(KeypointModel.BatchSize);
        int frames = 0;
        try
        {
            await foreach (Task<FramedImage> next in candidates.Reader.ReadAllAsync(cancellationToken))
            {
                batch.Add(await next);
                frames += batch[^1].Frames;
                if (batch.Count < KeypointModel.BatchSize && frames < KeypointModel.BatchSize)
                    continue;
                pending.Enqueue(PredictBatchAsync(batch, frames, stop.Token));
                batch = new List<FramedImage>(KeypointModel.BatchSize);
                frames = 0;
                if (pending.Count <= _model.Threads)
                    continue;
                foreach (PredictedImage predicted in await pending.Dequeue())
                    yield return predicted;
            }

            pending.Enqueue(PredictBatchAsync(batch, frames, stop.Token));
            while (pending.TryDequeue(out Task<List<PredictedImage>>? oldest))
            {
                foreach (PredictedImage predicted in await oldest)
                    yield return predicted;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await feeding;
            // Their results are no longer needed, but the tasks must have ended.
            while (candidates.Reader.TryRead(out Task<FramedImage>? left))
                await ((Task)left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (pending.TryDequeue(out Task<List<PredictedImage>>? left))
                await ((Task)left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Starts one task per image, in order. The channel's capacity limits how many run.</summary>
    private async Task FeedAsync(
        IAsyncEnumerable<ImageSource> images,
        int index,
        Func<int, bool> wantsPicture,
        ChannelWriter<Task<FramedImage>> candidates,
        CancellationToken cancellationToken)
    {
        try
        {
            await foreach (ImageSource image in images.WithCancellation(cancellationToken))
            {
                bool picture = wantsPicture(index);
                int current = index++;
                await candidates.WriteAsync(Task.Run(() => ReadAsync(image, current, picture, cancellationToken), cancellationToken), cancellationToken);
            }

            candidates.Complete();
        }
        catch (Exception e)
        {
            // The reader of the channel gets whatever stopped the stream of images.
            candidates.TryComplete(e);
        }
    }

    private async Task<FramedImage> ReadAsync(ImageSource image, int index, bool picture, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream stream = await image.OpenAsync(cancellationToken);
            ArraySegment<byte> file = await LimitedReader.ReadAsync(stream, _maximumBytes, cancellationToken);
            await Processors.WaitAsync(cancellationToken);
            try
            {
                return _framer.Frame(image, index, file, picture);
            }
            finally
            {
                Processors.Release();
            }
        }
        catch (ImageRejectedException e)
        {
            return FramedImage.Failed(index, image.Name, e.Message);
        }
    }

    /// <summary>Predicts the frames of some images. There are more than <see cref="KeypointModel.BatchSize"/> if the last image has
    /// several.</summary>
    private async Task<List<PredictedImage>> PredictBatchAsync(List<FramedImage> batch, int count, CancellationToken cancellationToken)
    {
        KeypointSchema schema = _model.Schema;
        byte[] frames = new byte[count * schema.FrameSize];
        foreach ((int i, byte[] frame) in batch.SelectMany(image => image.Instances).Select(instance => instance.Frame).OfType<byte[]>().Index())
            frame.CopyTo(frames, i * schema.FrameSize);
        float[] keypoints = new float[count * schema.Count * 2];
        float[] uncertainties = new float[_model.HasUncertainty ? count * schema.Count : 0];
        for (int start = 0; start < count; start += KeypointModel.BatchSize)
        {
            int some = Math.Min(KeypointModel.BatchSize, count - start);
            await _model.PredictBatchAsync(
                frames.AsMemory(start * schema.FrameSize, some * schema.FrameSize),
                some,
                keypoints.AsMemory(start * schema.Count * 2, some * schema.Count * 2),
                _model.HasUncertainty ? uncertainties.AsMemory(start * schema.Count, some * schema.Count) : default,
                cancellationToken);
        }

        var results = new List<PredictedImage>(batch.Count);
        int row = 0;
        foreach (FramedImage image in batch)
        {
            var ofImage = new List<ImageResult>();
            if (image.Error is string error)
                ofImage.Add(new ImageResult(image.Name, null, null, null, error));
            foreach ((int number, FramedInstance instance) in image.Instances.Index())
                ofImage.Add(Result(image, instance, number + 1, keypoints, uncertainties, instance.Error is null ? row++ : -1));
            results.Add(new PredictedImage(image.Index, ofImage, image.Picture) { Instances = image.Picture is null ? [] : image.Instances });
        }

        return results;
    }

    /// <summary>The result of an instance.</summary>
    /// <param name="image">Its image.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="number">The instance's number in its image, from 1.</param>
    /// <param name="keypoints">Predictions of all frames.</param>
    /// <param name="uncertainties">Uncertainties of all frames.</param>
    /// <param name="row">Index of the instance's frame; not used if it failed.</param>
    private ImageResult Result(FramedImage image, FramedInstance instance, int number, float[] keypoints, float[] uncertainties, int row)
    {
        if (instance.Error is string error)
            return new ImageResult(image.Name, null, null, null, error) { Face = number, Instance = instance.Id, Box = instance.Box };
        int points = _model.Schema.Count;
        bool isDoubtful = instance.IsSearched && _model.HasUncertainty
            && FrameUncertainty.RootMeanSquare(uncertainties.AsSpan(row * points, points)) > Limit(instance);
        if (isDoubtful && instance.LacksPlace)
            return new ImageResult(image.Name, image.Width, image.Height, null, NoFace) { IsWithoutFace = true };
        return new ImageResult(
            image.Name,
            image.Width,
            image.Height,
            OnImage(instance.Transform, keypoints.AsSpan(row * points * 2, points * 2)),
            null,
            _model.HasUncertainty ? LengthsOnImage(instance.Transform, uncertainties.AsSpan(row * points, points)) : null)
        {
            Face = number,
            Instance = instance.Id,
            Box = instance.Box,
            Scale = instance.Box is null ? null : instance.Transform.Scale,
            LacksPlace = instance.LacksPlace,
            IsDoubtful = isDoubtful,
        };
    }

    private double? Limit(FramedInstance instance) => instance.LacksPlace ? _model.Metadata.Gate?.Whole : _model.Metadata.Gate?.Found;

    private static double?[] OnImage(FrameTransform transform, ReadOnlySpan<float> frame)
    {
        double?[] image = new double?[frame.Length];
        for (int i = 0; i < frame.Length; i += 2)
        {
            (double x, double y) = transform.ToImage(frame[i], frame[i + 1]);
            if (!double.IsFinite(x) || !double.IsFinite(y))
                continue;
            image[i] = Math.Round(x, 3);
            image[i + 1] = Math.Round(y, 3);
        }

        return image;
    }

    /// <summary>The frame has the same scale in x and y, so an error per coordinate scales like a length.</summary>
    private static double?[] LengthsOnImage(FrameTransform transform, ReadOnlySpan<float> frame)
    {
        double?[] image = new double?[frame.Length];
        for (int k = 0; k < frame.Length; k++)
            image[k] = float.IsFinite(frame[k]) && frame[k] >= 0 ? Math.Round(frame[k] * transform.Scale, 3) : null;
        return image;
    }
}
