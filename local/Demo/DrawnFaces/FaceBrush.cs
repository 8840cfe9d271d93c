using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>Draws on a picture. Widths and radii are in face units. Points are in pixels, as <see cref="FacePose"/> gives
/// them.</summary>
internal sealed class FaceBrush(SKCanvas canvas, FacePose pose, SKPoint light) : IDisposable
{
    private readonly SKPaint _paint = new()
    {
        IsAntialias = true,
        StrokeCap = SKStrokeCap.Round,
        StrokeJoin = SKStrokeJoin.Round,
    };

    /// <summary>The pose, which converts face points to pixels.</summary>
    public FacePose Pose => pose;

    /// <summary>Direction towards the light: a unit vector in the picture, y down.</summary>
    public SKPoint Light => light;

    /// <summary>Fills a path and disposes it.</summary>
    public void Fill(SKPath path, SKColor colour)
    {
        using (path)
        {
            _paint.Style = SKPaintStyle.Fill;
            _paint.Color = colour;
            canvas.DrawPath(path, _paint);
        }
    }

    /// <summary>Strokes a path and disposes it.</summary>
    /// <param name="path">The line.</param>
    /// <param name="colour">Colour of the line.</param>
    /// <param name="width">Width of the line, face units.</param>
    public void Stroke(SKPath path, SKColor colour, float width)
    {
        using (path)
        {
            _paint.Style = SKPaintStyle.Stroke;
            _paint.StrokeWidth = width * pose.Unit;
            _paint.Color = colour;
            canvas.DrawPath(path, _paint);
        }
    }

    /// <summary>Fills a disc.</summary>
    public void Disc(SKPoint centre, float radius, SKColor colour)
    {
        _paint.Style = SKPaintStyle.Fill;
        _paint.Color = colour;
        canvas.DrawCircle(centre, radius * pose.Unit, _paint);
    }

    /// <summary>Draws a soft spot that fades to nothing at its radius.</summary>
    /// <param name="centre">Centre, pixels.</param>
    /// <param name="radius">Half width, face units.</param>
    /// <param name="colour">Colour in the middle.</param>
    /// <param name="flatten">Height divided by width, before the face's roll.</param>
    public void Glow(SKPoint centre, float radius, SKColor colour, float flatten = 1)
    {
        float pixels = radius * pose.Unit;
        SKMatrix shape = SKMatrix.CreateTranslation(centre.X, centre.Y)
            .PreConcat(SKMatrix.CreateRotation(pose.Roll))
            .PreConcat(SKMatrix.CreateScale(pixels, pixels * flatten));
        using SKShader shader = SKShader.CreateRadialGradient(
            SKPoint.Empty, 1, [colour, colour.Faded(colour.Alpha / 255f * 0.45f), colour.WithAlpha(0)], [0, 0.5f, 1],
            SKShaderTileMode.Clamp, shape);
        Wash(shader, new SKRect(centre.X - pixels, centre.Y - pixels, centre.X + pixels, centre.Y + pixels));
    }

    /// <summary>Fills a disc whose colour changes from the middle to the rim.</summary>
    public void Ball(SKPoint centre, float radius, SKColor middle, SKColor rim)
    {
        using SKShader shader = SKShader.CreateRadialGradient(
            centre, radius * pose.Unit, [middle, middle, rim], [0, 0.45f, 1], SKShaderTileMode.Clamp);
        _paint.Shader = shader;
        Disc(centre, radius, SKColors.Black);
        _paint.Shader = null;
    }

    /// <summary>Paints a shader over a rectangle, or over everything inside the clip.</summary>
    public void Wash(SKShader shader, SKRect? area = null)
    {
        _paint.Style = SKPaintStyle.Fill;
        _paint.Color = SKColors.Black;
        _paint.Shader = shader;
        if (area is { } rectangle)
            canvas.DrawRect(rectangle, _paint);
        else
            canvas.DrawPaint(_paint);
        _paint.Shader = null;
    }

    /// <summary>Clips drawing to a path until the result is disposed. Disposes the path.</summary>
    public SKAutoCanvasRestore Inside(SKPath path)
    {
        var restore = new SKAutoCanvasRestore(canvas, doSave: true);
        using (path)
            canvas.ClipPath(path, antialias: true);
        return restore;
    }

    /// <inheritdoc/>
    public void Dispose() => _paint.Dispose();
}
