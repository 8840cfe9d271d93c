using KeypointPipeline.Datasets.Converting;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Evaluation.Photos;

/// <summary>A picture with the truth about it.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="Instances">Its labelled instances.</param>
internal sealed record LabelledPhoto(ConvertiblePicture Picture, IReadOnlyList<TrueInstance> Instances);

/// <summary>A labelled instance of a picture.</summary>
/// <param name="Row">Its row in the label file.</param>
/// <param name="Points">K·2 coordinates in the order of the model's keypoints, in pixels of the upright picture; NaN if a point is not
/// labelled or the model does not predict it.</param>
/// <param name="Box">Its box, or null.</param>
/// <param name="IsJudged">Whether finds are compared with it: it has enough labelled points, and a person made them.</param>
internal sealed record TrueInstance(long Row, float[] Points, PictureBox? Box, bool IsJudged)
{
    /// <summary>How far a find may lie from a point of an instance that is not judged, in radii of the find, to count as that instance.</summary>
    private const double Reach = 2;

    /// <summary>Reads an instance.</summary>
    /// <param name="labelled">The labels.</param>
    /// <param name="columns">For each keypoint of the model its index in the labels, or -1.</param>
    public static TrueInstance Of(LabelledInstance labelled, IReadOnlyList<int> columns)
    {
        float[] points = [.. columns.SelectMany(k => k < 0 ? (float[])[float.NaN, float.NaN] : [labelled.Points[2 * k], labelled.Points[(2 * k) + 1]])];
        bool isPrediction = PredictionChecksum.IsUnchanged(labelled.Origin, labelled.Checksum, labelled.Points);
        return new TrueInstance(labelled.Row, points, labelled.Box, !isPrediction && InstanceMatching.CanMatch(points));
    }

    /// <summary>Whether a find may show this instance. It is asked of instances that are not judged.</summary>
    /// <param name="find">K·2 coordinates of the find.</param>
    public bool MayBe(ReadOnlySpan<float> find)
    {
        var place = PointCloud.Of(find);
        if (Box?.Upright() is { } box && place.X + 0.5 >= box.Left && place.X + 0.5 <= box.Left + box.Width && place.Y + 0.5 >= box.Top && place.Y + 0.5 <= box.Top + box.Height)
            return true;
        for (int i = 0; i < Points.Length; i += 2)
        {
            if (double.Hypot(Points[i] - place.X, Points[i + 1] - place.Y) <= Reach * place.Radius)
                return true;
        }

        return false;
    }
}
