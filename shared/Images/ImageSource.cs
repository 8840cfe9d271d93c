namespace KeypointPipeline.Images;

/// <summary>An image to predict: its name in the results, and how to read it.</summary>
/// <param name="Name">Name of the image: its path below the batch, with <c>/</c> between folders.</param>
/// <param name="OpenAsync">Opens the file. If opening or reading throws <see cref="ImageRejectedException"/>, the image becomes a failed
/// result with that reason. Any other exception stops the whole set.</param>
public sealed record ImageSource(string Name, Func<CancellationToken, Task<Stream>> OpenAsync)
{
    /// <summary>Returns where the picture's instances are, in any order; none if nothing states it. Null if no file states places.</summary>
    public Func<OpenedPicture, IReadOnlyList<InstancePlace>>? FindPlaces { get; init; }
}
