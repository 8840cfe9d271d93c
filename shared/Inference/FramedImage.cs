using KeypointPipeline.Images;

namespace KeypointPipeline.Inference;

/// <summary>An image that was read, with a frame for each of its instances.</summary>
/// <param name="Index">Its place in the set, from 0.</param>
/// <param name="Name">Its name.</param>
/// <param name="Width">Width of the upright image in pixels; 0 if it failed.</param>
/// <param name="Height">Height of the upright image in pixels; 0 if it failed.</param>
/// <param name="Instances">Its instances, the largest first, then those that failed. Empty if the image failed.</param>
/// <param name="Picture">The picture to draw on, or null.</param>
/// <param name="Error">Why the image failed, or null.</param>
internal sealed record FramedImage(
    int Index, string Name, int Width, int Height, IReadOnlyList<FramedInstance> Instances, Picture? Picture, string? Error)
{
    /// <summary>Number of frames.</summary>
    public int Frames => Instances.Count(instance => instance.Frame is not null);

    /// <summary>Returns an image that failed.</summary>
    public static FramedImage Failed(int index, string name, string error) => new(index, name, 0, 0, [], Picture: null, error);
}

/// <summary>An instance of an image with its frame.</summary>
/// <param name="Transform">Converts frame pixels to pixels of the upright image.</param>
/// <param name="Frame">Grey bytes of the frame, line by line; null if the instance failed.</param>
/// <param name="Id">Its id.</param>
internal sealed record FramedInstance(FrameTransform Transform, byte[]? Frame, string Id)
{
    /// <summary>The box that the frame was taken from, or null for the whole image.</summary>
    public PictureBox? Box { get; init; }

    /// <summary>Whether the whole image was used for lack of a place.</summary>
    public bool LacksPlace { get; init; }

    /// <summary>Whether a finder looked at the pixels: it found the instance or, with <see cref="LacksPlace"/>, found nothing. The model's gate
    /// then decides whether the frame shows an instance.</summary>
    public bool IsSearched { get; init; }

    /// <summary>Why the instance failed, or null.</summary>
    public string? Error { get; init; }
}
