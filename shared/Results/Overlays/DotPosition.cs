using KeypointPipeline.Images;
using KeypointPipeline.Models;

namespace KeypointPipeline.Results.Overlays;

/// <summary>Finds the places of a result on a reduced picture of its image, in drawing coordinates, where pixel centres are at halves.</summary>
internal static class DotPosition
{
    /// <summary>Dots of an instance are this many times smaller than the side of its box, so that they do not cover a small face.</summary>
    private const double BoxShare = 45;

    /// <summary>The place of a keypoint; null if the point is missing.</summary>
    public static (double X, double Y)? On(int width, int height, ImageResult result, int keypoint) =>
        result.Keypoints![2 * keypoint] is double x && result.Keypoints[(2 * keypoint) + 1] is double y
            ? ((x + 0.5) * width / result.Width!.Value, (y + 0.5) * height / result.Height!.Value)
            : null;

    /// <summary>The corners of a result's box, clockwise from the top left one; null if the whole image was used.</summary>
    public static (double X, double Y)[]? Outline(int width, int height, ImageResult result)
    {
        if (result.Box is not PictureBox box)
            return null;
        double scaleX = (double)width / result.Width!.Value;
        double scaleY = (double)height / result.Height!.Value;
        return [.. box.Corners().Select(corner => (corner.X * scaleX, corner.Y * scaleY))];
    }

    /// <summary>The radius of a result's dots.</summary>
    /// <param name="width">Width of the picture in pixels.</param>
    /// <param name="result">The result.</param>
    /// <param name="least">The smallest radius that can be seen.</param>
    /// <param name="most">The radius that suits the picture.</param>
    public static double Radius(int width, ImageResult result, double least, double most) => result.Box is PictureBox box
        ? Math.Clamp(Math.Sqrt(box.Width * box.Height) * width / result.Width!.Value / BoxShare, Math.Min(least, most), most)
        : most;
}
