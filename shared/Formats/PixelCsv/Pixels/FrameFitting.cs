using KeypointPipeline.Images.Resampling;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv.Pixels;

/// <summary>Resamples images of several sizes and their labels to one frame, as prediction fits a photo into the model's frame: the
/// picture keeps its aspect ratio, and its border is repeated beside it.</summary>
/// <param name="frame">The frame.</param>
internal sealed class FrameFitting(FrameSize frame)
{
    private const int MostSizes = 64;
    private readonly Dictionary<FrameSize, FrameResampler> _resamplers = [];
    private readonly byte[] _pixels = new byte[frame.Pixels];

    /// <summary>The pixels of the last image, H·W of the frame.</summary>
    public ReadOnlyMemory<byte> Pixels => _pixels;

    /// <summary>Resamples an image and moves its labels.</summary>
    /// <param name="pixels">The image's grey bytes, line by line.</param>
    /// <param name="size">The image's size.</param>
    /// <param name="coordinates">The labels, K·2. Both are NaN if a label is missing, and stay NaN.</param>
    public void Fit(ReadOnlySpan<byte> pixels, FrameSize size, Span<float> coordinates)
    {
        if (size == frame)
        {
            pixels.CopyTo(_pixels);
            return;
        }

        if (!_resamplers.TryGetValue(size, out FrameResampler? resampler))
        {
            if (_resamplers.Count == MostSizes)
                _resamplers.Clear();
            _resamplers[size] = resampler = new FrameResampler(size.Width, size.Height, frame.Width, frame.Height);
        }

        resampler.Resample(pixels, _pixels);
        for (int i = 0; i < coordinates.Length; i += 2)
        {
            if (float.IsNaN(coordinates[i]))
                continue;
            (float x, float y) = resampler.Move(coordinates[i], coordinates[i + 1]);

            // Adding 0 turns -0 into 0: see TableNumbers.Parse.
            (coordinates[i], coordinates[i + 1]) = (x + 0f, y + 0f);
        }
    }
}
