using KeypointPipeline.Files;

namespace KeypointPipeline.Images;

/// <summary>Files of a set that are no images by name. They are named once and do not count as images that failed.</summary>
/// <param name="Files">How many there are.</param>
/// <param name="Names">The names of the first ten.</param>
public sealed record PassedOverFiles(int Files, IReadOnlyList<string> Names)
{
    private const int MostNamed = 10;

    /// <summary>What is said about them: <c>Passed over, because they are no images by name: README.txt, notes.csv.</c></summary>
    public string Describe() => $"Passed over, because they are no images by name: {List()}.";

    /// <summary>Names files.</summary>
    /// <returns>Null if there are none.</returns>
    public static PassedOverFiles? Of(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length == 0 ? null : new PassedOverFiles(all.Length, all[..Math.Min(all.Length, MostNamed)]);
    }

    /// <summary>Returns the files without one of them, which is used after all.</summary>
    /// <returns>Null if it was the only file.</returns>
    public PassedOverFiles? Without(string name) => Files == 1 ? null : new PassedOverFiles(Files - 1, [.. Names.Where(other => other != name)]);

    /// <summary>Adds the files of two parts of a set.</summary>
    public static PassedOverFiles? operator +(PassedOverFiles? first, PassedOverFiles? second) =>
        first is null || second is null
            ? first ?? second
            : new PassedOverFiles(first.Files + second.Files, [.. first.Names.Concat(second.Names).Take(MostNamed)]);

    /// <summary>Says why a set has no images and what to do.</summary>
    /// <param name="set">The set's name.</param>
    /// <param name="passedOver">Its files.</param>
    public static string DescribeEmpty(string set, PassedOverFiles? passedOver)
    {
        if (passedOver is null)
            return $"{set} holds no images. Use a folder or zip with images.";
        return passedOver.Names.All(FileNames.IsZip)
            ? $"{set} holds no images itself, but zips: {passedOver.List()}. Unpack them into one folder and use the folder."
            : $"{set} holds no images, only {passedOver.List()}. Use a folder or zip with images.";
    }

    private string List()
    {
        string names = string.Join(", ", Names.Select(name => ShownText.Of(name)));
        return Files > Names.Count ? $"{names} and {Files - Names.Count:N0} more" : names;
    }
}
