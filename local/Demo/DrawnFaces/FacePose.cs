using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>The position of the face in the picture. It converts points of the face to pixels of the picture.</summary>
/// <remarks>
/// Face space has its origin between eyes and mouth, x to the picture's right, y down and z towards the viewer. One unit is one
/// pixel of a 96×96 picture at scale 1, with the eyes about 32 apart. Pixels here are continuous: pixel i covers [i, i+1).
/// </remarks>
internal sealed record FacePose
{
    /// <summary>Side of the square that the face is laid out in, frame units.</summary>
    public const float Frame = 96;

    private const float DepthOfFace = 27;

    /// <summary>Turn to a side, radians. A positive turn moves the features to the picture's right.</summary>
    public required float Yaw { get; init; }

    /// <summary>Nod, radians. A positive nod moves the features down.</summary>
    public required float Pitch { get; init; }

    /// <summary>Rotation in the picture plane, radians, clockwise.</summary>
    public required float Roll { get; init; }

    /// <summary>Frame units per face unit.</summary>
    public required float Scale { get; init; }

    /// <summary>Position of the face's origin, frame units.</summary>
    public required SKPoint Centre { get; init; }

    /// <summary>Position of the frame square in the picture, pixels.</summary>
    public SKPoint SquareOrigin { get; init; }

    /// <summary>Pixels per frame unit.</summary>
    public float PixelsPerUnit { get; init; } = 1;

    /// <summary>Pixels per face unit. Stroke widths and radii are multiplied by it.</summary>
    public float Unit => Scale * PixelsPerUnit;

    /// <summary>Chooses a pose. Most are upright and centred, as in face crops.</summary>
    public static FacePose Sample(FaceRandom random) => new()
    {
        Yaw = random.Around(0, 0.11f),
        Pitch = random.Around(0, 0.07f),
        Roll = random.Around(0, 0.1f),
        Scale = Math.Clamp(random.Around(0.94f, 0.075f), 0.76f, 1.08f),
        Centre = new SKPoint(random.Around(48, 2.4f), random.Around(54, 2.4f)),
    };

    /// <summary>Converts a point on the face's surface to pixels.</summary>
    /// <param name="x">X, face units.</param>
    /// <param name="y">Y, face units.</param>
    /// <param name="lift">Height above the rounded face, face units.</param>
    public SKPoint OnSkin(float x, float y, float lift = 0)
    {
        float fromCentre = x * x / (38 * 38) + (y + 4) * (y + 4) / (58 * 58);
        return At(x, y, DepthOfFace * MathF.Sqrt(MathF.Max(0, 1 - fromCentre)) + lift);
    }

    /// <summary>Converts any point in face space to pixels.</summary>
    public SKPoint At(float x, float y, float z)
    {
        float turnedX = x * MathF.Cos(Yaw) + z * MathF.Sin(Yaw);
        float turnedY = y * MathF.Cos(Pitch) + z * MathF.Sin(Pitch);
        (float sin, float cos) = MathF.SinCos(Roll);
        float frameX = Centre.X + Scale * (turnedX * cos - turnedY * sin);
        float frameY = Centre.Y + Scale * (turnedX * sin + turnedY * cos);
        return new SKPoint(SquareOrigin.X + frameX * PixelsPerUnit, SquareOrigin.Y + frameY * PixelsPerUnit);
    }

    /// <summary>Gets this pose, moved just enough that the points lie inside the frame with a margin.</summary>
    /// <param name="points">Points in frame units, as this pose gives them before it has a place in a picture.</param>
    public FacePose MovedToHold(IReadOnlyCollection<SKPoint> points)
    {
        const float Margin = 2;
        float dx = Shift(points.Min(p => p.X), points.Max(p => p.X));
        float dy = Shift(points.Min(p => p.Y), points.Max(p => p.Y));
        return this with { Centre = new SKPoint(Centre.X + dx, Centre.Y + dy) };

        static float Shift(float low, float high) =>
            low < Margin ? Margin - low : high > Frame - Margin ? Frame - Margin - high : 0;
    }
}
