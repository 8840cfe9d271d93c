using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Finding;

/// <summary>Places a model's frame on a found face.</summary>
public static class FaceFrame
{
    /// <summary>The frame's side as a multiple of the distance between the eyes. This constant and the next two were measured with a model of
    /// Kaggle's 15 points, and serve models that do not record where eyes and mouth lie. A side that is 10 % larger or smaller
    /// costs less than 1 % of the distance between the eyes.</summary>
    private const double SideByEyes = 2.75;

    /// <summary>The frame's side as a multiple of the distance from the middle of the eyes to the mouth. The larger side counts, because a head
    /// that turns shortens only one of the distances.</summary>
    private const double SideByMouth = 2.6;

    /// <summary>The frame's centre on the way from the middle of the eyes to the mouth.</summary>
    private const double CentreToMouth = 0.28;

    /// <summary>Places the frame.</summary>
    /// <param name="face">The face.</param>
    /// <param name="anchors">Where eyes and mouth shall lie in the frame; null for the usual places.</param>
    /// <param name="frame">The frame.</param>
    /// <returns>The frame's place, or null if the points of the face coincide.</returns>
    public static FrameTransform? Place(FacePoints face, FaceAnchors? anchors, FrameSize frame)
    {
        ArgumentNullException.ThrowIfNull(face);
        ArgumentNullException.ThrowIfNull(frame);
        FrameTransform? placed = anchors is null
            ? Usual(face, frame)
            : FrameTransform.Through(
                [Pair(anchors.RightEye), Pair(anchors.LeftEye), Pair(anchors.Mouth)],
                [Pair(face.RightEye), Pair(face.LeftEye), Pair(face.Mouth)]);
        return placed is { Scale: > 0 } transform && double.IsFinite(transform.Scale + transform.Left + transform.Top + transform.Angle) ? transform : null;
    }

    private static (double X, double Y) Pair(FacePoint point) => (point.X, point.Y);

    private static FrameTransform Usual(FacePoints face, FrameSize frame)
    {
        FacePoint eyes = FacePoint.Middle(face.RightEye, face.LeftEye);
        (double X, double Y) across = (face.LeftEye.X - face.RightEye.X, face.LeftEye.Y - face.RightEye.Y);
        (double X, double Y) down = (face.Mouth.X - eyes.X, face.Mouth.Y - eyes.Y);
        double side = Math.Max(SideByEyes * double.Hypot(across.X, across.Y), SideByMouth * double.Hypot(down.X, down.Y));
        double scale = side / Math.Min(frame.Width, frame.Height);
        double angle = Math.Atan2(across.Y, across.X);
        (double sin, double cos) = Math.SinCos(angle);
        // The centre in pixel edges, turned back into the frame's directions.
        (double x, double y) = (eyes.X + (CentreToMouth * down.X) + 0.5, eyes.Y + (CentreToMouth * down.Y) + 0.5);
        return new FrameTransform(scale, (frame.Width / 2.0) - (((cos * x) + (sin * y)) / scale), (frame.Height / 2.0) - (((cos * y) - (sin * x)) / scale))
        {
            Angle = angle * 180 / Math.PI,
        };
    }
}
