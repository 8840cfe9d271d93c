using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Datasets.Opening;

/// <summary>Finds the label files of a set whose pictures are files, by content.</summary>
internal static class LabelFileSearch
{
    /// <summary>The most files of one ending that are looked into without finding labels. A set may have a file for each picture.</summary>
    private const int MostLooks = 50;

    /// <summary>If so many files of a format with one file for each picture are found, the other files of its endings are label files too.</summary>
    private const int EnoughOfOnePerPicture = 3;

    /// <summary>Finds the label files.</summary>
    /// <param name="set">The set.</param>
    /// <param name="isKnown">Whether it is known already what a file is, so that it is left out.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The label files by format, in ordinal order of path.</returns>
    /// <exception cref="IOException">A file could not be read. Retry.</exception>
    public static async Task<IReadOnlyList<PictureLabels>> FindAsync(
        FileSet set, Func<SetFile, bool> isKnown, CancellationToken cancellationToken)
    {
        var found = new Dictionary<ILabelFormat, SortedDictionary<string, SetFile>>();
        foreach (string ending in LabelFormats.All.SelectMany(format => format.Endings).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            SetFile[] files = [.. set.Files.Where(file => Ends(file.Path, ending) && !SetSidecar.IsSidecar(file.Path) && !isKnown(file))];
            await SearchAsync(set, files, found, cancellationToken);
        }

        return [.. found.OrderBy(pair => pair.Key.Name, StringComparer.Ordinal).Select(pair => new PictureLabels(set, pair.Key, [.. pair.Value.Values]))];
    }

    /// <summary>Returns the format of a file, or null if it holds no labels that are read.</summary>
    /// <exception cref="IOException">It could not be read. Retry.</exception>
    public static async Task<ILabelFormat?> RecogniseAsync(FileSet set, SetFile file, CancellationToken cancellationToken)
    {
        ILabelFormat[] possible = [.. LabelFormats.All.Where(format => format.Endings.Any(ending => Ends(file.Path, ending)))];
        if (possible.Length == 0)
            return null;
        try
        {
            LabelFileStart start = await LabelFileStart.ReadAsync(set, file, cancellationToken);
            return Array.Find(possible, format => format.Recognises(start));
        }
        catch (RejectedFileException)
        {
            // What a damaged file holds stays unknown. Messages list its name.
            return null;
        }
    }

    private static async Task SearchAsync(
        FileSet set, SetFile[] files, Dictionary<ILabelFormat, SortedDictionary<string, SetFile>> found, CancellationToken cancellationToken)
    {
        var unclear = new List<SetFile>();
        int without = 0;
        ILabelFormat? everyFile = null;
        var counts = new Dictionary<ILabelFormat, int>();
        foreach (SetFile file in files)
        {
            ILabelFormat? format = everyFile ?? await RecogniseAsync(set, file, cancellationToken);
            if (format is not null)
            {
                without = 0;
                Add(found, format, file);
                counts[format] = counts.GetValueOrDefault(format) + 1;
                if (everyFile is null && format.IsOnePerPicture && counts[format] >= EnoughOfOnePerPicture)
                {
                    everyFile = format;
                    unclear.ForEach(earlier => Add(found, format, earlier));
                }
            }
            else
            {
                unclear.Add(file);
                if (++without == MostLooks)
                    return;
            }
        }
    }

    private static void Add(Dictionary<ILabelFormat, SortedDictionary<string, SetFile>> found, ILabelFormat format, SetFile file)
    {
        if (!found.TryGetValue(format, out SortedDictionary<string, SetFile>? files))
            found[format] = files = new SortedDictionary<string, SetFile>(StringComparer.Ordinal);
        files[file.Path] = file;
    }

    private static bool Ends(string path, string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}
