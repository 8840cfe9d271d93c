using System.Globalization;

namespace KeypointPipeline.Bench.Scale.Store;

/// <summary>The images of a batch that exist only as a listing: <c>{batch}/000123/000123456.jpg</c>, a thousand in a folder.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Count">Number of images, at most 1,000,000,000.</param>
internal sealed record GeneratedImages(string Batch, int Count)
{
    private const int ImagesPerFolder = 1_000;

    /// <summary>The prefix of all names.</summary>
    public string Prefix => $"{Batch}/";

    /// <summary>The name of an image in its batch. Names sort as their numbers.</summary>
    public static string Name(int image) => string.Create(CultureInfo.InvariantCulture, $"{image / ImagesPerFolder:000000}/{image:000000000}.jpg");

    /// <summary>The number of an image.</summary>
    /// <param name="name">Its name in the batch.</param>
    public static int Number(string name) => int.Parse(name.AsSpan(name.IndexOf('/') + 1, 9), CultureInfo.InvariantCulture);

    /// <summary>Lists names of blobs in order.</summary>
    /// <param name="prefix">Only the prefix of all names lists them.</param>
    /// <param name="from">The first name, as an earlier page gave it, or null.</param>
    public IEnumerable<string> List(string prefix, string? from)
    {
        if (prefix != Prefix || (from is not null && !char.IsAsciiDigit(from[Prefix.Length])))
            yield break;
        for (int image = from is null ? 0 : Number(from[Prefix.Length..]); image < Count; image++)
            yield return Prefix + Name(image);
    }
}
