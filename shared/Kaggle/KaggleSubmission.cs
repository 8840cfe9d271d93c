using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Results;

namespace KeypointPipeline.Kaggle;

/// <summary>Predicts the test images of Kaggle's competition Facial Keypoints Detection and writes the file to submit.</summary>
/// <remarks>The competition documents the file formats at kaggle.com/c/facial-keypoints-detection/data. Images are read in batches; only
/// the lookup table and its answers stay in memory.</remarks>
public static class KaggleSubmission
{
    /// <summary>Images predicted together: one batch for each of up to 16 threads.</summary>
    private const int ImagesAtOnce = 16 * KeypointModel.BatchSize;

    /// <summary>Writes a submission. Readers see the old file or the complete new file.</summary>
    /// <param name="model">A model with the competition's keypoints and frame.</param>
    /// <param name="test">Kaggle's <c>test.zip</c>, or the CSV file in it.</param>
    /// <param name="lookup">Kaggle's <c>IdLookupTable.csv</c>, or a zip file that contains it.</param>
    /// <param name="path">The submission to write. An existing file is overwritten.</param>
    /// <param name="progress">Receives the share of the test images read, 0 to 1; may be null.</param>
    /// <param name="cancellationToken">Cancels the prediction. No partial file is left.</param>
    /// <exception cref="InvalidDataException">A file cannot be used. The message names file, row and column, what was expected and the
    /// next step.</exception>
    /// <exception cref="IOException">A file cannot be read, or the submission cannot be written.</exception>
    public static async Task<KaggleSubmissionSummary> WriteAsync(
        KeypointModel model,
        DatasetSource test,
        DatasetSource lookup,
        string path,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        string file = Path.GetFullPath(path);
        try
        {
            KaggleLookup asked = await KaggleLookup.ReadAsync(lookup, model.Schema, cancellationToken);
            var answers = new KaggleAnswers(asked, model.Metadata);
            await using (KaggleTestImages images = await KaggleTestImages.OpenAsync(test, asked, model.Schema, cancellationToken))
                await PredictAsync(model, images, answers, progress, cancellationToken);

            await using StagedFile staged = new FolderResultStore(Path.GetDirectoryName(file)!).Create(Path.GetFileName(file));
            await answers.WriteAsync(staged.Stream, cancellationToken);
            await staged.CommitAsync(cancellationToken);
            return answers.Summary;
        }
        catch (RejectedFileException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static async Task PredictAsync(
        KeypointModel model,
        KaggleTestImages images,
        KaggleAnswers answers,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        KeypointSchema schema = model.Schema;
        byte[] frames = new byte[ImagesAtOnce * schema.FrameSize];
        float[] keypoints = new float[ImagesAtOnce * schema.Count * 2];
        long[] ids = new long[ImagesAtOnce];
        int count = 0;
        while (await images.ReadAsync(cancellationToken))
        {
            images.Pixels.CopyTo(frames.AsSpan(count * schema.FrameSize));
            ids[count++] = images.ImageId;
            if (count == ids.Length)
                Flush();
        }

        Flush();

        void Flush()
        {
            int coordinates = schema.Count * 2;
            model.Predict(frames.AsMemory(0, count * schema.FrameSize), count, keypoints.AsMemory(0, count * coordinates));
            for (int i = 0; i < count; i++)
                answers.Add(ids[i], keypoints.AsSpan(i * coordinates, coordinates));
            count = 0;
            progress?.Report(images.ShareRead);
        }
    }
}

/// <summary>Totals of a submission.</summary>
/// <param name="Images">Number of images predicted.</param>
/// <param name="SparseImages">Number of images that ask for at most half of the keypoints.</param>
/// <param name="Locations">Number of lines below the header.</param>
/// <param name="Clipped">Number of locations that were moved to the frame's edge.</param>
public sealed record KaggleSubmissionSummary(int Images, int SparseImages, int Locations, int Clipped);
