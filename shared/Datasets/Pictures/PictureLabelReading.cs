using System.Runtime.InteropServices;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.PixelCsv.Labels;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets.Pictures;

/// <summary>Turns what a label file states about an instance into pixels of the upright picture: takes out missing marks and half labels,
/// and converts shares.</summary>
/// <param name="conventions">How the labels are written.</param>
/// <param name="hasOpenConventions">Whether points at 0,0 or -1,-1 may be missing marks (<see cref="LabelReader.HasOpenConventions"/>).</param>
internal sealed class PictureLabelReading(RowConventions conventions, bool hasOpenConventions)
{
    private readonly bool _looksForMarks = hasOpenConventions || conventions.StatesMissing;

    /// <summary>Converts an instance.</summary>
    /// <param name="picture">Its picture.</param>
    /// <param name="instance">The instance, without a fault.</param>
    /// <param name="size">The size that the labels refer to; null if it is unknown. Points that are shares are then missing.</param>
    public ReadLabels Read(LabelledPicture picture, LabelledInstance instance, PictureSize? size)
    {
        float[] points = [.. instance.Points];
        var states = new LabelState[points.Length / 2];
        MarkedPoints marked = default;
        int half = instance.HalfLabel;
        bool hasZero = false;
        bool hasMinusOne = false;
        for (int k = 0; k < states.Length; k++)
        {
            (float x, float y) = (points[2 * k], points[(2 * k) + 1]);
            LabelState? stated = instance.States?[k];
            bool isKnown = !float.IsNaN(x) && !float.IsNaN(y) && stated is not (LabelState.Missing or LabelState.Absent);
            if (!isKnown && float.IsNaN(x) != float.IsNaN(y))
                half = half < 0 ? k : half;
            if (isKnown && _looksForMarks)
            {
                bool isOpen = stated is null or LabelState.Labelled && MissingMark.IsUsual(x, y);
                hasZero |= isOpen && x == 0;
                hasMinusOne |= isOpen && x == -1;
                isKnown = !((isOpen || conventions.StatesMissing) && conventions.IsMark(x, y));
                if (!isKnown)
                    marked = marked.WithMissing(k);
                else if (isOpen && !conventions.StatesMissing)
                    marked = marked.WithKept(k);
            }

            states[k] = isKnown ? stated ?? LabelState.Labelled : stated == LabelState.Absent ? LabelState.Absent : LabelState.Missing;
            if (!isKnown)
                points.AsSpan(2 * k, 2).Fill(float.NaN);
        }

        PictureBox? box = ToPixels(picture, points, instance.Box, size);
        return new ReadLabels(points, states, box, marked, half, hasZero, hasMinusOne);
    }

    private PictureBox? ToPixels(LabelledPicture picture, float[] points, PictureBox? box, PictureSize? size)
    {
        bool areShares = picture.IsRelative || conventions.Unit != CoordinateUnit.Pixels;
        if (size is not PictureSize known)
        {
            if (areShares)
                points.AsSpan().Fill(float.NaN);
            return box;
        }

        if (picture.IsRelative)
        {
            for (int i = 0; i < points.Length; i++)
                points[i] = (float)((points[i] * (double)(i % 2 == 0 ? known.Stated.Width : known.Stated.Height)) - 0.5);
        }
        else
        {
            conventions.Unit.ToPixels(points, known.Stated);
        }

        if (known.Fit is SizeFit.Scaled or SizeFit.Turned)
        {
            for (int i = 0; i < points.Length; i += 2)
            {
                (double x, double y) = known.Move(points[i], points[i + 1]);
                (points[i], points[i + 1]) = ((float)x, (float)y);
            }
        }

        return box is null ? null : known.Move(areShares ? Scale(box, picture, known.Stated) : box);
    }

    /// <summary>Converts a box from shares to pixels.</summary>
    private PictureBox Scale(PictureBox box, LabelledPicture picture, FrameSize size)
    {
        (double unit, double start) = !picture.IsRelative && conventions.Unit == CoordinateUnit.MinusOneToOne ? (2.0, -1.0) : (1.0, 0.0);
        return new PictureBox(
            (box.Left - start) / unit * size.Width, (box.Top - start) / unit * size.Height, box.Width / unit * size.Width, box.Height / unit * size.Height, box.Angle);
    }
}

/// <summary>The labels of an instance in pixels of the upright picture.</summary>
/// <param name="Points">K·2 coordinates; both are NaN if the label is missing.</param>
/// <param name="States">The state of each keypoint, K.</param>
/// <param name="Box">The box, or null.</param>
/// <param name="Marked">Points at missing marks.</param>
/// <param name="HalfLabel">Index of the first keypoint with only one coordinate, or -1.</param>
/// <param name="HasZero">Whether a point at 0,0 may be a mark: nobody says that it is visible or hidden.</param>
/// <param name="HasMinusOne">The same for -1,-1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ReadLabels(
    float[] Points, LabelState[] States, PictureBox? Box, MarkedPoints Marked, int HalfLabel, bool HasZero, bool HasMinusOne)
{
    /// <summary>Whether any point has a position.</summary>
    public bool HasLabels => Array.Exists(Points, value => !float.IsNaN(value));
}
