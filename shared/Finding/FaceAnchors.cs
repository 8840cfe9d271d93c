using System.Runtime.InteropServices;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Finding;

/// <summary>Where eyes and mouth lie in a model's frame: their mean places in its training rows. A found face is framed so that its eyes and
/// mouth come to lie there, whatever the framing of the training was.</summary>
/// <param name="RightEye">The subject's right eye, which lies left in the frame, in frame pixels.</param>
/// <param name="LeftEye">The subject's left eye.</param>
/// <param name="Mouth">The middle of the mouth.</param>
public sealed record FaceAnchors(FacePoint RightEye, FacePoint LeftEye, FacePoint Mouth)
{
    /// <summary>The smallest distance between the middle of the eyes and the mouth, as a share of the frame's shorter side. A smaller face has
    /// almost no pixels in the frame, so its points are not those of a face.</summary>
    private const double SmallestShare = 0.05;

    /// <summary>Gets whether the points lie like those of an upright face: the subject's right eye left of the left one, the mouth below.</summary>
    internal bool IsUpright => RightEye.X < LeftEye.X && Mouth.Y > FacePoint.Middle(RightEye, LeftEye).Y && RightEye.IsFinite && LeftEye.IsFinite && Mouth.IsFinite;

    /// <summary>Averages the places over rows.</summary>
    /// <param name="schema">The keypoints of the rows.</param>
    /// <param name="keypoints">N·K·2 coordinates (x, y) in frame pixels; NaN = missing.</param>
    /// <returns>The places, rounded to 1/1000. Null if the schema has no eyes and mouth, no row labels one of them completely, or they do not
    /// lie like those of an upright face.</returns>
    /// <remarks>If rows label all parts, only these rows count, so that the three places belong together. Otherwise each part has its own
    /// rows. Some data sets state the sides as the viewer sees them, so the eyes are exchanged where that is needed.</remarks>
    public static FaceAnchors? Mean(KeypointSchema schema, ReadOnlySpan<float> keypoints)
    {
        ArgumentNullException.ThrowIfNull(schema);
        if (FaceParts.Find(schema) is not FaceParts parts)
            return null;
        IReadOnlyList<int>[] all = [parts.RightEye, parts.LeftEye, parts.Mouth];
        var together = new Sum[all.Length];
        var apart = new Sum[all.Length];
        for (int row = 0; row < keypoints.Length; row += schema.Count * 2)
        {
            FacePoint[] middles = new FacePoint[all.Length];
            for (int part = 0; part < all.Length; part++)
            {
                middles[part] = FacePoint.Middle(keypoints.Slice(row, schema.Count * 2), all[part]);
                apart[part].Add(middles[part]);
            }

            if (Array.TrueForAll(middles, middle => middle.IsFinite))
            {
                for (int part = 0; part < all.Length; part++)
                    together[part].Add(middles[part]);
            }
        }

        Sum[] sums = together[0].Count > 0 ? together : apart;
        return Array.TrueForAll(sums, sum => sum.Count > 0) ? Checked(sums[0].Mean, sums[1].Mean, sums[2].Mean, schema) : null;
    }

    private static FaceAnchors? Checked(FacePoint rightEye, FacePoint leftEye, FacePoint mouth, KeypointSchema schema)
    {
        if (rightEye.X > leftEye.X)
            (rightEye, leftEye) = (leftEye, rightEye);
        double least = SmallestShare * Math.Min(schema.FrameWidth, schema.FrameHeight);
        var eyes = FacePoint.Middle(rightEye, leftEye);
        return leftEye.X - rightEye.X >= least && mouth.Y - eyes.Y >= least ? new FaceAnchors(rightEye, leftEye, mouth) : null;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Sum
    {
        private const int Decimals = 3;

        private double _x;
        private double _y;

        public int Count { get; private set; }

        public readonly FacePoint Mean => new(Math.Round(_x / Count, Decimals), Math.Round(_y / Count, Decimals));

        public void Add(FacePoint point)
        {
            if (!point.IsFinite)
                return;
            _x += point.X;
            _y += point.Y;
            Count++;
        }
    }
}
