using System.Runtime.CompilerServices;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Datasets.Opening;

/// <summary>Label files of a set that name pictures of the set.</summary>
/// <param name="Set">The set.</param>
/// <param name="Format">Their format.</param>
/// <param name="LabelFiles">The label files, in ordinal order of path: at least one.</param>
internal sealed record PictureLabels(FileSet Set, ILabelFormat Format, IReadOnlyList<SetFile> LabelFiles)
    : SetLabels([.. LabelFiles, .. SetSidecar.List(Set, LabelFiles)])
{
    /// <summary>How the labels were found, if that is not plain, as a sentence; otherwise null.</summary>
    public string? Note { get; init; }

    /// <summary>Path of the label file that pictures come from unless they name another.</summary>
    public string MainFile => LabelFiles[0].Path;

    /// <summary>Opens the labels.</summary>
    /// <param name="group">Name of the group column that a person states, or null.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="RejectedFileException">They cannot be read. The message names the file.</exception>
    public Task<LabelReader> OpenAsync(string? group, CancellationToken cancellationToken) =>
        Format.OpenAsync(Set, LabelFiles, group, cancellationToken);

    /// <summary>Finds the sidecar.</summary>
    /// <inheritdoc cref="SetSidecar.FindAsync(FileSet, IReadOnlyList{SetFile}, CancellationToken)" path="/exception"/>
    public Task<SidecarFile?> FindSidecarAsync(CancellationToken cancellationToken) => SetSidecar.FindAsync(Set, LabelFiles, cancellationToken);

    /// <summary>Lists the pictures of the set that the labels name, each once.</summary>
    /// <exception cref="RejectedFileException">The labels cannot be read.</exception>
    public async IAsyncEnumerable<SetFile> ListPicturesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var index = new PictureIndex(Set);
        var listed = new HashSet<string>(StringComparer.Ordinal);
        await using LabelReader reader = await OpenAsync(group: null, cancellationToken);
        await foreach (LabelledPicture picture in reader.ReadAsync(cancellationToken))
        {
            if (index.Find(picture, MainFile).File is SetFile file && listed.Add(file.Path))
                yield return file;
        }
    }
}
