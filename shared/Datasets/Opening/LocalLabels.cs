using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Datasets.Opening;

/// <summary>Finds labels on this machine whose pictures are not simply in the same set: a label file that is named alone, and a folder of
/// pictures whose label file lies beside it.</summary>
internal static class LocalLabels
{
    /// <summary>Looks into a single file. If it holds labels that name pictures, the set is its folder, with this label file alone.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The labels, whose set the caller disposes; null if the file holds none, or holds the pixels too.</returns>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static async Task<PictureLabels?> FindInFileAsync(string path, CancellationToken cancellationToken)
    {
        var source = DatasetSource.FromFile(path);
        await using var alone = new SingleFile(source);
        if (FileNames.IsDataset(path) && (await TableLook.ReadAsync(alone.Files[0], source, cancellationToken)).Kind == TableKind.Labelled)
            return null;
        if (await LabelFileSearch.RecogniseAsync(alone, alone.Files[0], cancellationToken) is not ILabelFormat format)
            return null;
        var set = FolderFileSet.OpenAround(path);
        return new PictureLabels(set, format, [set.Find(alone.Files[0].Path) ?? alone.Files[0]]);
    }

    /// <summary>Looks for label files beside a folder of pictures, as <c>training_frames_keypoints.csv</c> beside <c>training</c>: their names
    /// start with the folder's name, and they name pictures of the folder.</summary>
    /// <param name="path">Path of the folder.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The labels, whose set the caller disposes; null if there are none.</returns>
    /// <exception cref="IOException">A file could not be read.</exception>
    public static async Task<PictureLabels?> FindBesideAsync(string path, CancellationToken cancellationToken)
    {
        var folder = new DirectoryInfo(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        string[] endings = [.. LabelFormats.All.SelectMany(format => format.Endings).Distinct(StringComparer.OrdinalIgnoreCase)];
        string[] names = folder.Parent is null
            ? []
            : [.. folder.Parent.EnumerateFiles($"{folder.Name}*").Select(file => file.Name).Where(name => endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))];
        if (names.Length == 0)
            return null;
        var set = FolderFileSet.OpenWith(folder.FullName, names);
        IReadOnlyList<PictureLabels> found = await LabelFileSearch.FindAsync(set, file => !names.Contains(file.Path, StringComparer.Ordinal), cancellationToken);
        PictureLabelChoice choice = await PictureLabelChoice.ChooseAsync(set, found, cancellationToken);
        if (choice.Labels is PictureLabels labels)
            return labels with { Note = $"Label files: {ShownText.List([.. labels.LabelFiles.Select(file => file.Path)])}, which lie beside the folder and name its pictures." };
        await set.DisposeAsync();
        return null;
    }
}
