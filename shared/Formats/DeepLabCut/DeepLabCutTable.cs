using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.DeepLabCut;

/// <summary>One table of labels: usually that of one video.</summary>
/// <param name="Set">The set.</param>
/// <param name="File">The table.</param>
/// <param name="Header">Its header.</param>
/// <param name="FirstPicture">Path of its first picture, as stated; null if it has no rows.</param>
/// <param name="Videos">Folders of its pictures, at most two: enough to know whether there are several.</param>
internal sealed record DeepLabCutTable(FileSet Set, SetFile File, DeepLabCutHeader Header, string? FirstPicture, IReadOnlyCollection<string> Videos)
{
    /// <summary>Reads the header, and looks for the folders of the pictures.</summary>
    /// <exception cref="RejectedFileException">The file is no such table.</exception>
    public static async Task<DeepLabCutTable> OpenAsync(FileSet set, SetFile file, CancellationToken cancellationToken)
    {
        await using LabelTable table = await LabelTable.OpenAsync(set, file, cancellationToken);
        List<IReadOnlyList<string>> lines = [table.Rows.Names];
        while (!DeepLabCutHeader.IsLast(lines[^1]) && lines.Count < DeepLabCutHeader.MostLines && await table.Rows.ReadAsync(cancellationToken))
            lines.Add(table.Rows.Fault is null ? [.. table.Rows.Names.Select((_, column) => table.Rows.Words(column))] : []);
        DeepLabCutHeader header = DeepLabCutHeader.Read(FileNames.OwnName(file.Path), lines);
        string? first = null;
        var videos = new HashSet<string>(StringComparer.Ordinal);
        while (videos.Count < 2 && !header.IsPrediction && await table.Rows.ReadAsync(cancellationToken))
        {
            if (table.Rows.Fault is not null)
                continue;
            string path = PathOf(table.Rows, header);
            first ??= path;
            videos.Add(VideoOf(file, path));
        }

        return new DeepLabCutTable(set, file, header, first, videos);
    }

    /// <summary>Opens the table at its first row of labels.</summary>
    public async Task<LabelTable> OpenRowsAsync(CancellationToken cancellationToken)
    {
        LabelTable table = await LabelTable.OpenAsync(Set, File, cancellationToken);
        for (int i = 0; i < Header.Rows; i++)
            await table.Rows.ReadAsync(cancellationToken);
        return table;
    }

    /// <summary>Returns the picture's path in a row, with <c>/</c> between its parts.</summary>
    public static string PathOf(CsvTable row, DeepLabCutHeader header)
    {
        IEnumerable<string> parts = Enumerable.Range(0, header.PathColumns).Select(row.Words);
        return string.Join('/', parts.Where(part => part.Length > 0)).Replace('\\', '/');
    }

    /// <summary>Returns the folder of a picture, which DeepLabCut names like the video.</summary>
    public static string VideoOf(SetFile file, string picture)
    {
        string[] parts = picture.Split('/');
        return parts.Length > 1 ? parts[^2] : FolderName(file);
    }

    /// <summary>Returns the path of a picture in the set, or as stated if it is not there. DeepLabCut keeps a table beside its pictures: the
    /// picture beside this table counts, also if the set holds several projects with equal paths.</summary>
    public string Locate(string picture)
    {
        string name = FileNames.LastPart(picture);
        string folder = FileNames.FolderOf(File.Path);
        bool isBeside = VideoOf(File, picture) == FolderName(File);
        return (isBeside ? Set.Find(folder + name) : null)?.Path ?? Set.Find(folder + picture)?.Path ?? picture;
    }

    private static string FolderName(SetFile file)
    {
        string[] parts = file.Path.Split('/');
        return parts.Length > 1 ? parts[^2] : string.Empty;
    }
}
