namespace KeypointPipeline.Fuzz.Tests;

/// <summary>A file that somebody might drop.</summary>
/// <param name="Name">Its name. The ending tells the format.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Recipe">How it was damaged.</param>
internal sealed record FuzzInput(string Name, byte[] Content, string Recipe);
