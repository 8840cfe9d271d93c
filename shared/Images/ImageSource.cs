namespace KeypointPipeline.Images;

/// <summary>One image to predict: what to call it in the results, and how to read it.</summary>
/// <param name="Name">Its name: the path below the batch, with <c>/</c> between folders.</param>
/// <param name="OpenAsync">Opens the file. Where it throws <see cref="ImageRejectedException"/> (or a read does), the image
/// becomes a failed result with that reason; anything else stops the whole set.</param>
public sealed record ImageSource(string Name, Func<CancellationToken, Task<Stream>> OpenAsync);
