using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Images;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Datasets.Opening;

/// <summary>What a dropped set of files holds, found out by content.</summary>
internal sealed class SetContents
{
    /// <summary>Tables, and label files of other formats, that are looked into. A set may have one for each picture.</summary>
    private const int MostLooks = 50;

    private static readonly string[] ForeignEndings =
        [".json", ".xml", ".txt", ".h5", ".hdf5", ".slp", ".mat", ".parquet", ".xlsx"];

    private SetContents(FileSet set)
    {
        Set = set;
        Arrays = [.. set.Files.Where(file => FileNames.IsArray(file.Path))];
        Pictures = set.Files.Count(file => ImageNames.IsMeantAsImage(file.Path));
    }

    /// <summary>The set.</summary>
    public FileSet Set { get; }

    /// <summary>Tables, also those in zips of the set.</summary>
    public List<SetTable> Tables { get; } = [];

    /// <summary>NumPy's files of arrays.</summary>
    public IReadOnlyList<SetFile> Arrays { get; }

    /// <summary>Number of pictures, judged by name.</summary>
    public int Pictures { get; }

    /// <summary>Label files whose pictures are files, by format. They are not looked for if there is a table with labels and pixels.</summary>
    public IReadOnlyList<PictureLabels> Labels { get; private set; } = [];

    /// <summary>Tables that look like labels, but in which no keypoints are found.</summary>
    public List<SetTable> Unclear { get; } = [];

    /// <summary>Label files of formats that are not read: path and name of the format.</summary>
    public List<(string Path, string Format)> Foreign { get; } = [];

    /// <summary>Looks into the tables of a set.</summary>
    /// <exception cref="IOException">A file could not be read. Retry.</exception>
    public static async Task<SetContents> ReadAsync(FileSet set, CancellationToken cancellationToken)
    {
        var contents = new SetContents(set);
        foreach (SetFile file in set.Files.Where(file => FileNames.IsDataset(file.Path)).Take(MostLooks))
        {
            contents.Tables.Add(await TableLook.ReadAsync(file, SourceOf(set, file), cancellationToken));
        }

        if (!contents.Tables.Exists(table => table.Kind == TableKind.Labelled))
            contents.Labels = await LabelFileSearch.FindAsync(set, file => FileNames.IsZip(file.Path), cancellationToken);
        HashSet<string> read = [.. contents.Labels.SelectMany(labels => labels.LabelFiles).Select(file => file.Path)];
        contents.Unclear.AddRange(contents.Tables.Where(table => table.Format is not null && !read.Contains(table.Path)));
        foreach (SetFile file in set.Files.Where(file => IsForeign(file.Path) && !read.Contains(file.Path)).Take(MostLooks))
            await contents.RecogniseAsync(file, cancellationToken);
        return contents;
    }

    /// <summary>A table of a set with the set's sidecar. A zip inside the set is opened so that its only table can be read.</summary>
    public static DatasetSource SourceOf(FileSet set, SetFile file)
    {
        SetFile named = NamedFile.Of(set, file);
        return new DatasetSource(file.Path, token => FileNames.IsZip(file.Path) ? SeekableCopy.OpenAsync(named, token) : named.OpenAsync(token))
        {
            FindSidecarAsync = token => SetSidecar.FindAsync(set, file, token),
        };
    }

    private static bool IsForeign(string path) =>
        ForeignEndings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) && !SetSidecar.IsSidecar(path);

    private async Task RecogniseAsync(SetFile file, CancellationToken cancellationToken)
    {
        try
        {
            if (await ForeignLabels.RecogniseAsync(file.Path, file.OpenAsync, cancellationToken) is string format)
                Foreign.Add((file.Path, format));
        }
        catch (RejectedFileException)
        {
            // What a damaged file holds stays unknown. The message lists its name.
        }
    }
}
