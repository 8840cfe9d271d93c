using System.Globalization;
using KeypointPipeline.Files;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.CelebA;

/// <summary>The person of each of CelebA's pictures, from <c>identity_CelebA.txt</c>: lines of a picture's name and a number. The 202,599
/// pictures show 10,177 people.</summary>
internal sealed class CelebaPeople
{
    private const string FileName = "identity_CelebA.txt";

    private readonly Dictionary<string, int> _people = new(StringComparer.OrdinalIgnoreCase);

    private CelebaPeople(string fileName) => Guess = $"Groups: the person of each picture, from {fileName}.";

    /// <summary>Where the groups come from, as a sentence.</summary>
    public string Guess { get; }

    /// <summary>Reads the file of a set, or returns null if there is none.</summary>
    /// <exception cref="RejectedFileException">It cannot be read.</exception>
    /// <exception cref="IOException">Reading failed. Retry.</exception>
    public static async Task<CelebaPeople?> ReadAsync(FileSet set, CancellationToken cancellationToken)
    {
        if (set.Files.FirstOrDefault(file => file.Path.Split('/')[^1].Equals(FileName, StringComparison.OrdinalIgnoreCase)) is not { } file)
            return null;
        var people = new CelebaPeople(FileNames.OwnName(file.Path));
        await using Stream stream = await NamedFile.Of(set, file).OpenAsync(cancellationToken);
        using var lines = new StreamReader(stream);
        while (people._people.Count < DatasetLimits.Rows && await lines.ReadLineAsync(cancellationToken) is string line)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length == 2 && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int person))
                people._people[words[0]] = person;
        }

        return people;
    }

    /// <summary>Returns the number of the person in a picture, or null if it is unknown.</summary>
    public string? Find(string picture) =>
        _people.TryGetValue(FileNames.LastPart(picture), out int person) ? person.ToString(CultureInfo.InvariantCulture) : null;
}
