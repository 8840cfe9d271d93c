using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Images.Placing;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets.Pictures;

/// <summary>Gives a place to faces whose labels say too little: no box, and fewer than two points. The face that contains the points is searched
/// on the picture, and the mean shape of the other faces is laid onto its eyes and mouth. Their frame is then the same as if all points were
/// labelled. Several threads can call it at once.</summary>
internal sealed class FacePlaces : IDisposable
{
    /// <summary>A point belongs to a face if the face's box, enlarged by this factor, contains it. The box ends at brows and chin.</summary>
    private const double Reach = 1.5;

    private readonly FramingShape _shape;
    private readonly double[] _anchors;
    private readonly Lazy<FaceDetector> _detector;

    private FacePlaces(FramingShape shape, FaceAnchors anchors, Func<FaceDetector> open)
    {
        _shape = shape;
        _anchors = [anchors.RightEye.X, anchors.RightEye.Y, anchors.LeftEye.X, anchors.LeftEye.Y, anchors.Mouth.X, anchors.Mouth.Y];
        _detector = new Lazy<FaceDetector>(open);
    }

    /// <summary>Creates the places of a labelled set.</summary>
    /// <param name="framing">The framing of the set, for its keypoints.</param>
    /// <param name="schema">The keypoints of the set.</param>
    /// <param name="open">Opens the detector when it is first needed.</param>
    /// <returns>Null if the keypoints are not those of faces, or if their shape is unknown.</returns>
    public static FacePlaces? Of(Framing framing, KeypointSchema schema, Func<FaceDetector> open)
    {
        if (!framing.NeedsPlace || framing.Shape is not FramingShape shape || FaceParts.Find(schema) is not FaceParts parts)
            return null;
        var anchors = new FaceAnchors(Middle(shape, parts.RightEye), Middle(shape, parts.LeftEye), Middle(shape, parts.Mouth));
        // Keypoints that nobody labelled lie at the origin of the shape.
        return anchors.IsUpright ? new FacePlaces(shape, anchors, open) : null;
    }

    /// <summary>Why no face can be found on this machine; null if none was searched, or faces can be found.</summary>
    public string? Fault { get; private set; }

    /// <summary>Finds the points of an instance on the face that contains its labels.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="points">K·2 coordinates of its labels; NaN if unknown, at least one known.</param>
    /// <returns>K·2 coordinates of all keypoints where the mean shape has them, for <see cref="Framing.TryPlace"/>. Null if no found face contains
    /// the labels, or none can be found: see <see cref="Fault"/>.</returns>
    /// <exception cref="ImageRejectedException">The pixels are damaged.</exception>
    public float[]? Find(OpenedPicture picture, ReadOnlySpan<float> points)
    {
        if (Open() is not FaceDetector detector)
            return null;
        using DecodedPicture decoded = picture.Decode(FaceDetector.Finest(picture.Width, picture.Height));
        FoundFace? nearest = null;
        double least = Reach / 2;
        foreach (FoundFace face in detector.Find(decoded))
        {
            double distance = Distance(face.Box, points);
            if (distance <= least)
                (nearest, least) = (face, distance);
        }

        if (nearest is null)
            return null;
        FacePoints found = nearest.Points;
        float[] seen =
        [
            (float)found.RightEye.X, (float)found.RightEye.Y, (float)found.LeftEye.X, (float)found.LeftEye.Y, (float)found.Mouth.X, (float)found.Mouth.Y,
        ];
        return Similarity.Fit(_anchors, seen) is Similarity fit ? Lay(fit) : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_detector.IsValueCreated)
            _detector.Value.Dispose();
    }

    private FaceDetector? Open()
    {
        try
        {
            return _detector.Value;
        }
        catch (FaceNetworksMissingException e)
        {
            Fault = e.Message;
            return null;
        }
    }

    private static FacePoint Middle(FramingShape shape, IReadOnlyList<int> part) =>
        new(part.Average(k => shape.Points[2 * k]), part.Average(k => shape.Points[(2 * k) + 1]));

    /// <summary>The largest distance of a label from a box's centre, as a share of the box's side: 0.5 at its border.</summary>
    private static double Distance(PictureBox box, ReadOnlySpan<float> points)
    {
        double largest = 0;
        for (int i = 0; i < points.Length; i += 2)
        {
            if (float.IsNaN(points[i]) || float.IsNaN(points[i + 1]))
                continue;
            largest = Math.Max(largest, Math.Abs(points[i] + 0.5 - box.Left - (box.Width / 2)) / box.Width);
            largest = Math.Max(largest, Math.Abs(points[i + 1] + 0.5 - box.Top - (box.Height / 2)) / box.Height);
        }

        return largest;
    }

    private float[] Lay(Similarity fit)
    {
        float[] points = new float[_shape.Points.Count];
        for (int i = 0; i < points.Length; i += 2)
        {
            (double x, double y) = fit.Apply(_shape.Points[i], _shape.Points[i + 1]);
            (points[i], points[i + 1]) = ((float)x, (float)y);
        }

        return points;
    }
}
