namespace KeypointPipeline.Fuzz.Tests;

/// <summary>A file as somebody might drop it.</summary>
/// <param name="Name">Its name, with the ending that tells its format.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Recipe">What it was made from and what was done to it.</param>
internal sealed record FuzzInput(string Name, byte[] Content, string Recipe);
