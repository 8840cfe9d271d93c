using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>All random choices for a face, and the order in which its parts are drawn.</summary>
internal sealed record Portrait
{
    /// <summary>The pose in a frame at the picture's corner, with one pixel per unit.</summary>
    public required FacePose Pose { get; init; }

    /// <summary>The camera, which makes the drawing look like a photograph.</summary>
    public required Photograph Camera { get; init; }

    public required Persona Persona { get; init; }

    public required Head Head { get; init; }

    public required Eyes Eyes { get; init; }

    public required Brows Brows { get; init; }

    public required Nose Nose { get; init; }

    public required Mouth Mouth { get; init; }

    public required Hair Hair { get; init; }

    public required Beard Beard { get; init; }

    public required Glasses Glasses { get; init; }

    public required Scene Scene { get; init; }

    /// <summary>Chooses all parts. If necessary, moves the pose so that all keypoints lie inside the frame.</summary>
    public static Portrait Sample(FaceRandom random)
    {
        var persona = Persona.Sample(random);
        var mouth = Mouth.Sample(random, persona);
        var portrait = new Portrait
        {
            Pose = FacePose.Sample(random),
            Camera = Photograph.Sample(random),
            Persona = persona,
            Head = Head.Sample(random, persona),
            Eyes = Eyes.Sample(random, persona, mouth.Smile),
            Brows = Brows.Sample(random, persona),
            Nose = Nose.Sample(random),
            Mouth = mouth,
            Hair = Hair.Sample(random, persona),
            Beard = Beard.Sample(random, persona),
            Glasses = Glasses.Sample(random),
            Scene = Scene.Sample(random),
        };
        return portrait with { Pose = portrait.Pose.MovedToHold(portrait.Mark(portrait.Pose)) };
    }

    /// <summary>Gets the keypoints in the order of <see cref="KeypointMarks.Names"/>, continuous pixels.</summary>
    public SKPoint[] Mark(FacePose pose)
    {
        var marks = new KeypointMarks();
        Eyes.Mark(marks, pose);
        Brows.Mark(marks, pose);
        Nose.Mark(marks, pose);
        Mouth.Mark(marks, pose);
        return marks.InOrder();
    }

    /// <summary>Draws the scene and the person from back to front.</summary>
    public void Paint(SKCanvas canvas, FacePose pose, int width, int height)
    {
        Scene.Paint(canvas, width, height);
        using var brush = new FaceBrush(canvas, pose, Scene.Light);
        PaintBody(brush);
        PaintHead(brush);
    }

    /// <summary>Draws what lies behind the head: long hair, neck and clothes.</summary>
    public void PaintBody(FaceBrush brush)
    {
        Hair.PaintBehind(brush, Head);
        Head.PaintBody(brush, Persona);
    }

    /// <summary>Draws the head with all features.</summary>
    public void PaintHead(FaceBrush brush)
    {
        Head.PaintEars(brush, Persona);
        Head.Paint(brush, Persona);
        Beard.Paint(brush, Head, Mouth);
        Nose.Paint(brush, Persona);
        Mouth.Paint(brush, Persona);
        Eyes.Paint(brush, Persona);
        Brows.Paint(brush);
        Hair.PaintFront(brush, Head);
        Glasses.Paint(brush, Eyes, Head);
    }
}
