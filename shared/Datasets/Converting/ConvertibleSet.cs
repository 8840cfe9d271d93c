using KeypointPipeline.Datasets.Opening;
using KeypointPipeline.Files;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Datasets.Converting;

/// <summary>Opens what a person names on this machine as labels that can be converted.</summary>
/// <param name="Labels">The labels.</param>
/// <param name="Set">The set that they are in, or null if they are one file.</param>
internal sealed record ConvertibleSet(ConvertibleLabels Labels, FileSet? Set) : IAsyncDisposable
{
    /// <summary>Opens a file, a zip or a folder.</summary>
    /// <exception cref="InvalidDataException">There is no such file or folder.</exception>
    /// <exception cref="RejectedFileException">It holds no labels that are read. The message says what to do.</exception>
    /// <exception cref="IOException">It could not be read.</exception>
    public static async Task<ConvertibleSet> OpenAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
            throw new InvalidDataException($"There is no file or folder {path}.");
        FileSet? set = null;
        try
        {
            SetLabels labels = await FindAsync();
            ConvertibleLabels opened = labels is PictureLabels pictures
                ? await ConvertiblePictures.OpenAsync(pictures, cancellationToken)
                : await ConvertiblePixels.OpenAsync((LabelledTable)labels, cancellationToken);
            return new ConvertibleSet(opened, set);
        }
        catch
        {
            if (set is not null)
                await set.DisposeAsync();
            throw;
        }

        async Task<SetLabels> FindAsync()
        {
            if (Directory.Exists(path))
                return await LabelledSet.FindAsync(set = FolderFileSet.Open(path), cancellationToken, FindBesideAsync);
            if (!FileNames.IsZip(path) && await LocalLabels.FindInFileAsync(path, cancellationToken) is PictureLabels found)
            {
                set = found.Set;
                return found;
            }

            (SetLabels labels, set) = await LabelledFile.FindAsync(DatasetSource.FromFile(path), cancellationToken);
            return labels;
        }

        async Task<SetLabels?> FindBesideAsync()
        {
            PictureLabels? beside = await LocalLabels.FindBesideAsync(path, cancellationToken);
            set = beside?.Set ?? set;
            return beside;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Labels.DisposeAsync();
        if (Set is not null)
            await Set.DisposeAsync();
    }
}
