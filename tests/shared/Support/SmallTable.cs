namespace KeypointPipeline.Shared.Tests.Support;

/// <summary>CSV text with 8×8 images: the smallest there are.</summary>
internal static class SmallTable
{
    public const int Pixels = 64;
    public const string Header = "nose_x,nose_y,Image";

    /// <summary>Pixels that differ from row to row: the first is the seed.</summary>
    public static string Image(int seed, int pixels = Pixels) =>
        string.Join(' ', Enumerable.Range(0, pixels).Select(i => i == 0 ? seed % 256 : ((i * 37) + (seed / 256)) % 256));

    /// <summary>A good row under <see cref="Header"/>.</summary>
    public static string Row(int seed) => $"{seed % 8},{(seed + 3) % 8},{Image(seed)}";

    /// <summary>The header and so many good rows, then these lines.</summary>
    public static string With(int goodRows, params string[] lines) =>
        string.Join('\n', [Header, .. Enumerable.Range(0, goodRows).Select(Row), .. lines]) + "\n";
}
