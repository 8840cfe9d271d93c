namespace KeypointPipeline.Images.Resampling;

/// <summary>Resamples grey frames of one size to another size. It fits a frame into the other as prediction fits a photo: the picture
/// keeps its aspect ratio, and its border is repeated beside it.</summary>
public sealed class FrameResampler
{
    private readonly int _width;
    private readonly AxisWeights _columns;
    private readonly AxisWeights _rows;
    private readonly FrameTransform _transform;

    /// <summary>Prepares the resampling.</summary>
    /// <param name="width">Width of the given frames in pixels.</param>
    /// <param name="height">Height of the given frames in pixels.</param>
    /// <param name="frameWidth">Width of the resulting frames in pixels.</param>
    /// <param name="frameHeight">Height of the resulting frames in pixels.</param>
    public FrameResampler(int width, int height, int frameWidth, int frameHeight)
    {
        _width = width;
        _transform = FrameTransform.Fit(width, height, frameWidth, frameHeight);
        _columns = AxisWeights.Create(width, frameWidth, _transform.Scale, _transform.Left, width);
        _rows = AxisWeights.Create(height, frameHeight, _transform.Scale, _transform.Top, height);
    }

    /// <summary>Pixels of a given frame per pixel of a resulting frame.</summary>
    public double Scale => _transform.Scale;

    /// <summary>Resamples a frame.</summary>
    /// <param name="pixels">Grey bytes of the given frame, line by line.</param>
    /// <param name="frame">Receives the grey bytes of the resulting frame, line by line.</param>
    public void Resample(ReadOnlySpan<byte> pixels, Span<byte> frame) =>
        FrameSampler.Sample(pixels.ToArray(), _width, _columns, _rows, frame);

    /// <summary>Converts a point of the given frame to a point of the resulting frame. NaN stays NaN.</summary>
    public (float X, float Y) Move(float x, float y)
    {
        (double X, double Y) moved = _transform.ToFrame(x, y);
        return ((float)moved.X, (float)moved.Y);
    }
}
