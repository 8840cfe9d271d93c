using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Results.Tables;

namespace KeypointPipeline.Evaluation.Photos;

/// <summary>Accumulates finds and errors, picture by picture.</summary>
/// <param name="schema">The model's keypoints and frame.</param>
/// <param name="hasUncertainty">Whether the model predicts uncertainties.</param>
/// <param name="offsets">Offset of sparse rows' labels from predictions, or null.</param>
/// <param name="instances">Receives every labelled instance that is judged, and every wrong find; null for none.</param>
internal sealed class PhotoScore(KeypointSchema schema, bool hasUncertainty, SparseOffsets? offsets, Action<FoundInstance>? instances)
{
    private readonly EvaluationScore _found = new(schema, hasUncertainty, offsets);
    private readonly EvaluationScore _ownCrops = new(schema, hasUncertainty, offsets);
    private int _pictures;
    private int _labelled;
    private int _foundCount;
    private int _wrong;
    private int _foundInDoubt;
    private int _wrongInDoubt;
    private int _withoutFace;
    private int _notJudged;

    /// <summary>Adds a picture.</summary>
    /// <param name="photo">The truth.</param>
    /// <param name="predicted">What the pipeline says.</param>
    /// <returns>The judged instances that were found, in the order of the labels.</returns>
    public IReadOnlyList<TrueInstance> Add(LabelledPhoto photo, PredictedImage predicted)
    {
        _pictures++;
        _withoutFace += predicted.Results[0].IsWithoutFace ? 1 : 0;
        TrueInstance[] judged = [.. photo.Instances.Where(instance => instance.IsJudged)];
        TrueInstance[] others = [.. photo.Instances.Where(instance => !instance.IsJudged)];
        _labelled += judged.Length;
        _notJudged += others.Length;
        ImageResult[] finds = [.. predicted.Results.Where(result => result.Succeeded)];
        float[][] points = [.. finds.Select(find => Floats(find.Keypoints!))];
        int[] matches = InstanceMatching.Match(points, [.. judged.Select(instance => instance.Points)]);
        var found = new List<TrueInstance>();
        for (int i = 0; i < judged.Length; i++)
        {
            if (matches[i] >= 0)
                found.Add(judged[i]);
            AddInstance(photo, judged[i], matches[i] < 0 ? null : finds[matches[i]]);
        }

        for (int f = 0; f < finds.Length; f++)
        {
            if (!matches.Contains(f) && !Array.Exists(others, instance => instance.MayBe(points[f])))
                AddWrong(photo, finds[f]);
        }

        return found;
    }

    /// <summary>Adds the prediction of a found instance from the frame that its labels give.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="place">Where the frame lies on the picture.</param>
    /// <param name="frame">K·2 predicted coordinates in pixels of the frame.</param>
    /// <param name="uncertainties">K uncertainties, or none.</param>
    public void AddOwnCrop(TrueInstance instance, FrameTransform place, ReadOnlySpan<float> frame, ReadOnlySpan<float> uncertainties)
    {
        float[] labels = new float[frame.Length];
        for (int i = 0; i < labels.Length; i += 2)
        {
            (double x, double y) = place.ToFrame(instance.Points[i], instance.Points[i + 1]);
            (labels[i], labels[i + 1]) = ((float)x, (float)y);
        }

        _ownCrops.Add(frame, labels, uncertainties, compared: null, place.Scale);
    }

    /// <summary>The figures of all pictures.</summary>
    public PhotoEvaluation Result() => new(
        _pictures, _labelled, _foundCount, _wrong, _foundInDoubt, _wrongInDoubt, _withoutFace, _notJudged, _found.Result(), _ownCrops.Result());

    private void AddInstance(LabelledPhoto photo, TrueInstance instance, ImageResult? find)
    {
        string picture = photo.Picture.Source.Path;
        if (find is null)
        {
            instances?.Invoke(new FoundInstance(picture, instance.Row, FoundInstance.Missed, null, null, null, null));
            return;
        }

        // Errors are compared in pixels of the model's frame, as for single frames.
        double scale = find.ScaleIn(schema);
        RowScore score = _found.Add(
            Divided(Floats(find.Keypoints!), scale), Divided(instance.Points, scale), hasUncertainty ? Divided(Floats(find.Uncertainty!), scale) : default, compared: null, scale);
        _foundCount++;
        _foundInDoubt += IsInDoubt(find) ? 1 : 0;
        instances?.Invoke(new FoundInstance(
            picture, instance.Row, FoundInstance.Right, find.Instance, KeypointsCsv.StatusOf(find), score.MeanDistance * scale, score.Nme));
    }

    private void AddWrong(LabelledPhoto photo, ImageResult find)
    {
        _wrong++;
        _wrongInDoubt += IsInDoubt(find) ? 1 : 0;
        instances?.Invoke(new FoundInstance(photo.Picture.Source.Path, null, FoundInstance.Wrong, find.Instance, KeypointsCsv.StatusOf(find), null, null));
    }

    private static bool IsInDoubt(ImageResult find) => find.IsDoubtful || find.LacksPlace;

    private static float[] Floats(IReadOnlyList<double?> numbers) => [.. numbers.Select(number => (float?)number ?? float.NaN)];

    private static float[] Divided(float[] numbers, double by) => [.. numbers.Select(number => (float)(number / by))];
}
