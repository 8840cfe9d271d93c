using System.Runtime.InteropServices;
using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets.Pictures;

/// <summary>The size that a picture's labels refer to, and the way from there to the upright picture.</summary>
/// <param name="Stated">Size of the picture that the labels refer to.</param>
/// <param name="Picture">The picture, or null if it was not opened: its labels then stay where they are.</param>
/// <param name="Fit">How the two agree.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PictureSize(FrameSize Stated, OpenedPicture? Picture, SizeFit Fit)
{
    /// <summary>Shapes that differ by at most this share are the same: sizes are rounded to whole pixels.</summary>
    private const double SameShape = 0.01;

    /// <summary>Compares an opened picture with what its label file states.</summary>
    public static PictureSize Of(LabelledPicture labelled, OpenedPicture picture)
    {
        (int width, int height) = labelled.StatedSize ?? (picture.Width, picture.Height);
        var stated = new FrameSize(width, height);
        if (width == picture.Width && height == picture.Height)
            return new PictureSize(stated, picture, SizeFit.Same);
        if (width < 1 || height < 1)
            return new PictureSize(stated, picture, SizeFit.Other);
        double shape = (double)width / height;
        SizeFit fit = HasShape(shape, (double)picture.Width / picture.Height) ? SizeFit.Scaled
            : picture.SwapsAxes && HasShape(shape, (double)picture.Height / picture.Width) ? SizeFit.Turned
            : SizeFit.Other;
        return new PictureSize(stated, picture, fit);
    }

    /// <summary>Returns the fault of labels that are for another picture, or null.</summary>
    /// <param name="labelled">The picture as the labels name it.</param>
    public RowFault? FindFault(LabelledPicture labelled) => Fit == SizeFit.Other
        ? new RowFault(
            RowProblemKind.PictureSize,
            Column: null,
            $"the labels are for a picture of {Stated} pixels, but '{ShownText.Of(labelled.Path)}' has {Picture!.Width}×{Picture.Height}")
        : null;

    /// <summary>Moves a point to the upright picture. Pixel centres are integers.</summary>
    public (double X, double Y) Move(double x, double y)
    {
        if (Picture is null || Fit is SizeFit.Same or SizeFit.Other)
            return (x, y);
        (double scaleX, double scaleY) = Scale(Picture);
        (x, y) = (((x + 0.5) * scaleX) - 0.5, ((y + 0.5) * scaleY) - 0.5);
        return Fit == SizeFit.Turned ? Picture.FromStored(x, y) : (x, y);
    }

    /// <summary>Moves a box to the upright picture.</summary>
    public PictureBox Move(PictureBox box)
    {
        if (Picture is null || Fit is SizeFit.Same or SizeFit.Other)
            return box;
        (double scaleX, double scaleY) = Scale(Picture);
        var scaled = new PictureBox(box.Left * scaleX, box.Top * scaleY, box.Width * scaleX, box.Height * scaleY, box.Angle);
        return Fit == SizeFit.Turned ? Picture.FromStored(scaled) : scaled;
    }

    private static bool HasShape(double first, double second) => Math.Abs(first - second) <= SameShape * second;

    private (double X, double Y) Scale(OpenedPicture picture)
    {
        (int width, int height) = Fit == SizeFit.Turned ? (picture.Height, picture.Width) : (picture.Width, picture.Height);
        return ((double)width / Stated.Width, (double)height / Stated.Height);
    }
}
