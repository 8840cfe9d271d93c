using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using KeypointPipeline.Datasets.Converting;
using KeypointPipeline.Files;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;

namespace KeypointPipeline.Evaluation.Photos;

/// <summary>Measures a model together with what finds the instances, on whole pictures with labels. Its memory does not grow with the number
/// of pictures.</summary>
/// <param name="model">The model.</param>
/// <param name="predictor">Finds and predicts instances, as a batch does.</param>
/// <param name="decoder">Reads the pictures.</param>
public sealed class PhotoEvaluator(KeypointModel model, ImageSetPredictor predictor, ImageDecoder decoder)
{
    /// <summary>Predicts all labelled pictures of a file, zip or folder on this machine and compares them with their labels. Pictures that
    /// cannot be read are left out.</summary>
    /// <param name="data">Path of the labels, as for training.</param>
    /// <param name="instances">Receives every judged instance and every wrong find, picture by picture; null for none.</param>
    /// <param name="cancellationToken">Cancels the evaluation.</param>
    /// <returns>The figures; null if the labels hold their own pixels, so that there is no whole picture.</returns>
    /// <exception cref="InvalidDataException">The labels cannot be used. The message says what to do.</exception>
    /// <exception cref="IOException">A file could not be read.</exception>
    public async Task<PhotoEvaluation?> EvaluateAsync(string data, Action<FoundInstance>? instances, CancellationToken cancellationToken)
    {
        try
        {
            await using ConvertibleSet set = await ConvertibleSet.OpenAsync(data, cancellationToken);
            return set.Labels is ConvertiblePictures pictures ? await EvaluateAsync(pictures, instances, cancellationToken) : null;
        }
        catch (RejectedFileException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private async Task<PhotoEvaluation> EvaluateAsync(ConvertiblePictures pictures, Action<FoundInstance>? instances, CancellationToken cancellationToken)
    {
        var score = new PhotoScore(model.Schema, model.HasUncertainty, model.Metadata.SparseOffsets, instances);
        var ownCrops = new OwnCrops(model);
        var waiting = new ConcurrentQueue<LabelledPhoto>();
        await foreach (PredictedImage predicted in predictor.PredictAsync(ReadAsync(pictures, waiting, cancellationToken), firstIndex: 0, _ => false, cancellationToken))
        {
            using (predicted)
            {
                // Predictions come in the order of the pictures.
                if (waiting.TryDequeue(out LabelledPhoto? photo) && (predicted.Succeeded || predicted.Results[0].IsWithoutFace))
                {
                    IReadOnlyList<TrueInstance> found = score.Add(photo, predicted);
                    using OpenedPicture picture = decoder.Open(await LoadAsync(photo, cancellationToken));
                    ownCrops.Predict(picture, found, score);
                }
            }
        }

        return score.Result();
    }

    private async IAsyncEnumerable<ImageSource> ReadAsync(
        ConvertiblePictures pictures, ConcurrentQueue<LabelledPhoto> waiting, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var names = new KeypointNames(pictures.Keypoints);
        int[] columns = [.. model.Schema.Names.Select(names.Find)];
        await foreach (ConvertiblePicture picture in pictures.ReadAsync(cancellationToken))
        {
            waiting.Enqueue(new LabelledPhoto(picture, [.. picture.Instances.Select(instance => TrueInstance.Of(instance, columns))]));
            yield return new ImageSource(picture.Source.Path, picture.Source.OpenAsync);
        }
    }

    private async Task<ReadOnlyMemory<byte>> LoadAsync(LabelledPhoto photo, CancellationToken cancellationToken)
    {
        await using Stream stream = await photo.Picture.Source.OpenAsync(cancellationToken);
        return await LimitedReader.ReadAsync(stream, decoder.Limits.MaximumBytes, cancellationToken);
    }
}
