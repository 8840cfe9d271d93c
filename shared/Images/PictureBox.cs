namespace KeypointPipeline.Images;

/// <summary>A box on the upright picture, in pixels. Its sides are measured at pixel edges: the first pixel reaches from 0 to 1, and a box
/// around the whole picture is 0, 0, width, height.</summary>
/// <param name="Left">Distance of the left side from the picture's left edge, before the box is turned.</param>
/// <param name="Top">Distance of the top side from the picture's top edge, before the box is turned.</param>
/// <param name="Width">Width, more than 0.</param>
/// <param name="Height">Height, more than 0.</param>
/// <param name="Angle">Rotation around the box's centre in degrees, clockwise as people see it.</param>
public sealed record PictureBox(double Left, double Top, double Width, double Height, double Angle = 0)
{
    /// <summary>Returns the corners in pixel edge coordinates, clockwise from the one that is the top left corner of the box before it is
    /// turned.</summary>
    public IReadOnlyList<(double X, double Y)> Corners()
    {
        (double sin, double cos) = Math.SinCos(Angle * Math.PI / 180);
        (double x, double y) = (Left + (Width / 2), Top + (Height / 2));
        return [Corner(-1, -1), Corner(1, -1), Corner(1, 1), Corner(-1, 1)];

        (double X, double Y) Corner(int right, int down)
        {
            (double dx, double dy) = (right * Width / 2, down * Height / 2);
            return (x + (dx * cos) - (dy * sin), y + (dx * sin) + (dy * cos));
        }
    }

    /// <summary>Returns the smallest box without rotation that holds this one.</summary>
    public PictureBox Upright()
    {
        if (Angle == 0)
            return this;
        (double sin, double cos) = Math.SinCos(Angle * Math.PI / 180);
        double width = (Width * Math.Abs(cos)) + (Height * Math.Abs(sin));
        double height = (Width * Math.Abs(sin)) + (Height * Math.Abs(cos));
        return new PictureBox(Left + ((Width - width) / 2), Top + ((Height - height) / 2), width, height);
    }
}
