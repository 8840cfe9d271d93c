namespace KeypointPipeline.Storage;

/// <summary>Paths of dropped datasets. The path of a labelled file is its blob's name in <see cref="BlobLayout.Datasets"/>. A path that
/// ends in <c>/</c>, such as <c>faces/</c>, is a folder of labels and pictures. A marker completes the folder: the blob
/// <c>faces/_READY</c>, written last.</summary>
public static class DatasetPath
{
    /// <summary>Whether a path is that of a folder.</summary>
    public static bool IsFolder(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.EndsWith('/');
    }

    /// <summary>Returns the blob that stands for the dataset: the file itself, or the marker of a folder. Its ETag is the ETag of the
    /// dataset, and without it the dataset is gone.</summary>
    public static string BlobOf(string path) => IsFolder(path) ? path + BlobLayout.ReadyMarker : path;

    /// <summary>Returns the path of the folder that a marker completes, or null if the blob is not such a marker.</summary>
    /// <param name="blob">A blob's name in <see cref="BlobLayout.Datasets"/>.</param>
    public static string? FolderOfMarker(string blob)
    {
        ArgumentNullException.ThrowIfNull(blob);
        return blob.EndsWith($"/{BlobLayout.ReadyMarker}", StringComparison.Ordinal) ? blob[..^BlobLayout.ReadyMarker.Length] : null;
    }

    /// <summary>Returns the folder that a file lies in, with <c>/</c> at its end; null for a file at the top level.</summary>
    /// <param name="path">Path of a file.</param>
    public static string? FolderAround(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        int slash = path.LastIndexOf('/');
        return slash > 0 ? path[..(slash + 1)] : null;
    }

    /// <summary>Finds out why a path cannot be used.</summary>
    /// <returns>A predicate for a message, as <see cref="BlobName.FindProblem"/> gives it, or null if the path is valid.</returns>
    public static string? FindProblem(string path) => BlobName.FindProblem(BlobOf(path));
}
