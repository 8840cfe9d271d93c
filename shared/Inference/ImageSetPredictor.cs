using System.Runtime.CompilerServices;
using System.Threading.Channels;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;

namespace KeypointPipeline.Inference;

/// <summary>Predicts any number of images in constant memory. It reads a few files ahead, decodes them side by side and predicts them
/// in batches. Each image gives exactly one result, in the images' order. A result does not depend on timing or on other images.</summary>
public sealed class ImageSetPredictor
{
    /// <summary>Maximum of the longer side of a picture to draw on, in pixels.</summary>
    public const int LargestPicture = 800;

    /// <summary>Minimum of the longer side of a picture to draw on, in pixels.</summary>
    public const int SmallestPicture = 400;

    /// <summary>Files that are read or decoded at once. The files in memory take at most this many times
    /// <see cref="ImageLimits.MaximumBytes"/>.</summary>
    private const int ReadAhead = 8;

    private readonly KeypointModel _model;
    private readonly ImageDecoder _decoder;

    /// <summary>Creates a predictor.</summary>
    /// <param name="model">The model; the caller disposes it.</param>
    /// <param name="decoder">Reads the images.</param>
    public ImageSetPredictor(KeypointModel model, ImageDecoder decoder)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(decoder);
        _model = model;
        _decoder = decoder;
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
        var candidates = Channel.CreateBounded<Task<Candidate>>(new BoundedChannelOptions(ReadAhead) { SingleReader = true, SingleWriter = true });
        Task feeding = FeedAsync(images, firstIndex, wantsPicture, candidates.Writer, stop.Token);
        var pending = new Queue<Task<List<PredictedImage>>>();
        var batch = new List<Candidate>(KeypointModel.BatchSize);
        try
        {
            await foreach (Task<Candidate> next in candidates.Reader.ReadAllAsync(cancellationToken))
            {
                batch.Add(await next);
                if (batch.Count < KeypointModel.BatchSize)
                    continue;
                pending.Enqueue(PredictBatchAsync(batch, stop.Token));
                batch = new List<Candidate>(KeypointModel.BatchSize);
                if (pending.Count <= _model.Threads)
                    continue;
                foreach (PredictedImage predicted in await pending.Dequeue())
                    yield return predicted;
            }

            pending.Enqueue(PredictBatchAsync(batch, stop.Token));
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
            while (candidates.Reader.TryRead(out Task<Candidate>? left))
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
        ChannelWriter<Task<Candidate>> candidates,
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

    private async Task<Candidate> ReadAsync(ImageSource image, int index, bool picture, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream stream = await image.OpenAsync(cancellationToken);
            ArraySegment<byte> file = await LimitedReader.ReadAsync(stream, _decoder.Limits.MaximumBytes, cancellationToken);
            DecodedImage decoded = _decoder.Decode(file, _model.Schema.FrameWidth, _model.Schema.FrameHeight);
            Picture? shown = picture ? _decoder.DecodePicture(file, SmallestPicture, LargestPicture) : null;
            return new Candidate(index, image.Name, decoded, shown, null);
        }
        catch (ImageRejectedException e)
        {
            return new Candidate(index, image.Name, null, null, e.Message);
        }
    }

    private async Task<List<PredictedImage>> PredictBatchAsync(List<Candidate> batch, CancellationToken cancellationToken)
    {
        KeypointSchema schema = _model.Schema;
        DecodedImage[] decoded = [.. batch.Select(c => c.Decoded).OfType<DecodedImage>()];
        byte[] frames = new byte[decoded.Length * schema.FrameSize];
        for (int i = 0; i < decoded.Length; i++)
            decoded[i].Frame.CopyTo(frames, i * schema.FrameSize);
        float[] keypoints = new float[decoded.Length * schema.Count * 2];
        float[] uncertainties = new float[_model.HasUncertainty ? decoded.Length * schema.Count : 0];
        await _model.PredictBatchAsync(frames, decoded.Length, keypoints, uncertainties, cancellationToken);

        var results = new List<PredictedImage>(batch.Count);
        int row = 0;
        foreach (Candidate candidate in batch)
        {
            var result = new ImageResult(candidate.Name, null, null, null, candidate.Error);
            if (candidate.Decoded is { } image)
            {
                result = new ImageResult(
                    candidate.Name,
                    image.Width,
                    image.Height,
                    OnImage(image.Transform, keypoints.AsSpan(row * schema.Count * 2, schema.Count * 2)),
                    null,
                    _model.HasUncertainty ? LengthsOnImage(image.Transform, uncertainties.AsSpan(row * schema.Count, schema.Count)) : null);
                row++;
            }

            results.Add(new PredictedImage(candidate.Index, [result], candidate.Picture));
        }

        return results;
    }

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

    private sealed record Candidate(int Index, string Name, DecodedImage? Decoded, Picture? Picture, string? Error);
}
