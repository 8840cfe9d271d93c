using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>The background behind the face, out of focus, and the direction of the light.</summary>
internal sealed record Scene
{
    // The background is drawn smaller by this factor and then stretched, which is a cheap, even blur.
    private const int Shrink = 12;

    /// <summary>Direction towards the light: a unit vector in the picture, y down.</summary>
    public required SKPoint Light { get; init; }

    public required SKColor Top { get; init; }

    public required SKColor Bottom { get; init; }

    public required int Things { get; init; }

    public required ulong ThingSeed { get; init; }

    /// <summary>Chooses a scene.</summary>
    public static Scene Sample(FaceRandom random)
    {
        float angle = random.Between(-2.9f, -0.25f);
        SKColor wall = SKColor.FromHsl(random.Between(0, 360), random.Between(5, 45), random.Between(18, 82));
        return new Scene
        {
            Light = new SKPoint(MathF.Cos(angle), MathF.Sin(angle)),
            Top = wall.Lighter(random.Between(0, 0.3f)),
            Bottom = wall.Darker(random.Between(0.1f, 0.5f)),
            Things = random.Chance(0.3f) ? 0 : random.Whole(3, 14),
            ThingSeed = random.NextBits(),
        };
    }

    /// <summary>Draws the background over the whole picture.</summary>
    public void Paint(SKCanvas canvas, int width, int height)
    {
        int small = Math.Max(width, height) / Shrink;
        var info = new SKImageInfo(
            Math.Max(8, small * width / Math.Max(width, height)), Math.Max(8, small * height / Math.Max(width, height)));
        using var surface = SKSurface.Create(info);
        PaintSmall(surface.Canvas, info.Width, info.Height);
        using SKImage picture = surface.Snapshot();
        canvas.DrawImage(picture, new SKRect(0, 0, width, height), new SKSamplingOptions(SKFilterMode.Linear));
    }

    private void PaintSmall(SKCanvas canvas, int width, int height)
    {
        using var paint = new SKPaint { IsAntialias = true };
        using (SKShader wall = SKShader.CreateLinearGradient(
            new SKPoint(width * (0.5f + Light.X / 2), 0), new SKPoint(width * (0.5f - Light.X / 2), height), [Top, Bottom],
            SKShaderTileMode.Clamp))
        {
            paint.Shader = wall;
            canvas.DrawRect(0, 0, width, height, paint);
            paint.Shader = null;
        }

        var random = new FaceRandom(ThingSeed);
        for (int i = 0; i < Things; i++)
        {
            float x = random.Between(0, width), y = random.Between(0, height), size = random.Between(0.06f, 0.3f) * width;
            paint.Color = SKColor.FromHsl(random.Between(0, 360), random.Between(5, 60), random.Between(15, 90))
                .Faded(random.Between(0.25f, 0.85f));
            if (random.Chance(0.5f))
                canvas.DrawRect(x - size / 2, y - size, size * random.Between(0.3f, 1), size * random.Between(0.6f, 2.5f), paint);
            else
                canvas.DrawCircle(x, y, size * 0.5f, paint);
        }
    }
}
