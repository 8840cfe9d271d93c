using KeypointPipeline.Images;

namespace KeypointPipeline.Finding;

/// <summary>A face that a network sees in a window. Coordinates are picture pixels at pixel edges.</summary>
/// <param name="Score">0 to 1.</param>
/// <param name="Numbers">Centre, size and points: x, y, width, height, then x and y of the person's right eye, left eye, nose, mouth, right ear
/// and left ear.</param>
internal sealed record FaceCandidate(double Score, double[] Numbers)
{
    /// <summary>Length of <see cref="Numbers"/>.</summary>
    public const int Length = 16;

    private const int FirstPoint = 4;

    /// <summary>Width of the box.</summary>
    public double Width => Numbers[2];

    /// <summary>Height of the box.</summary>
    public double Height => Numbers[3];

    /// <summary>Left side of the box.</summary>
    public double Left => Numbers[0] - (Width / 2);

    /// <summary>Top side of the box.</summary>
    public double Top => Numbers[1] - (Height / 2);

    /// <summary>Area of the box.</summary>
    public double Area => Width * Height;

    /// <summary>Returns a square window around the box.</summary>
    /// <param name="share">Its side as a multiple of the box's width.</param>
    /// <param name="pixels">Its side in its own pixels.</param>
    public Window Around(double share, int pixels)
    {
        double side = share * Width;
        return new Window(Numbers[0] - (side / 2), Numbers[1] - (side / 2), side / pixels, pixels, pixels);
    }

    /// <summary>Returns the face with points at pixel centres.</summary>
    public FoundFace ToFace() => new(
        Score, new PictureBox(Left, Top, Width, Height), new FacePoints(Point(0), Point(1), Point(2), Point(3), Point(4), Point(5)));

    private FacePoint Point(int index) =>
        new(Numbers[FirstPoint + (2 * index)] - 0.5, Numbers[FirstPoint + (2 * index) + 1] - 0.5);
}
