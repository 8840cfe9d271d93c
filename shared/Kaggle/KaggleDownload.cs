using KeypointPipeline.Datasets.Opening;
using KeypointPipeline.Files;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Kaggle;

/// <summary>Finds the files of Kaggle's competition in what was downloaded: the one zip of "Download all", its unpacked folder, or a single
/// file. The content decides, not the names.</summary>
public sealed class KaggleDownload : IAsyncDisposable
{
    private readonly DatasetSource? _single;
    private readonly FileSet? _set;
    private readonly SetContents? _contents;

    private KaggleDownload(string name, DatasetSource? single, FileSet? set, SetContents? contents)
    {
        Name = name;
        _single = single;
        _set = set;
        _contents = contents;
    }

    /// <summary>The download's own name, for messages.</summary>
    public string Name { get; }

    /// <summary>Opens a download. It stays open until disposal.</summary>
    /// <param name="path">Path of the file or folder on this machine.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="InvalidDataException">There is nothing at that path, or the zip cannot be read.</exception>
    /// <exception cref="IOException">A file could not be read.</exception>
    public static async Task<KaggleDownload> OpenAsync(string path, CancellationToken cancellationToken)
    {
        bool isFile = File.Exists(path);
        if (!isFile && !Directory.Exists(path))
            throw new InvalidDataException($"There is no file or folder {path}.");
        if (isFile && !FileNames.IsZip(path))
            return new KaggleDownload(Path.GetFileName(path), DatasetSource.FromFile(path), set: null, contents: null);
        FileSet set = await LocalFileSet.OpenAsync(path, cancellationToken);
        try
        {
            return set.Files is [SetFile only] && FileNames.IsDataset(only.Path)
                ? new KaggleDownload(set.Name, SetContents.SourceOf(set, only), set, contents: null)
                : new KaggleDownload(set.Name, single: null, set, await SetContents.ReadAsync(set, cancellationToken));
        }
        catch
        {
            await set.DisposeAsync();
            throw;
        }
    }

    /// <summary>Finds the pictures to predict.</summary>
    /// <exception cref="InvalidDataException">There are none, or several files of them.</exception>
    public async Task<DatasetSource> FindTestAsync(CancellationToken cancellationToken) =>
        _single ?? await FindAsync(TableKind.KaggleTest, "pictures to predict", cancellationToken) ?? throw new InvalidDataException(
            $"{Name} holds no pictures to predict, which is a table with the columns ImageId and Image. {Held} Use Kaggle's files as downloaded.");

    /// <summary>Finds the lookup table. Returns null if there is none, or if the download is the file of the pictures alone.</summary>
    /// <exception cref="InvalidDataException">There are several.</exception>
    public Task<DatasetSource?> FindLookupAsync(CancellationToken cancellationToken) =>
        FindAsync(TableKind.KaggleLookup, "lookup tables", cancellationToken);

    /// <summary>Returns the lookup table: the only file, or the one in the set.</summary>
    /// <exception cref="InvalidDataException">There is none, or several.</exception>
    public async Task<DatasetSource> RequireLookupAsync(CancellationToken cancellationToken) =>
        _single ?? await FindLookupAsync(cancellationToken) ?? throw new InvalidDataException(
            $"{Name} holds no lookup table, which has the columns RowId, ImageId and FeatureName. {Held} Use Kaggle's files as downloaded.");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _set is null ? ValueTask.CompletedTask : _set.DisposeAsync();

    private string Held => $"It holds {ShownText.List([.. _set!.Files.Select(file => file.Path)])}.";

    private async Task<DatasetSource?> FindAsync(TableKind kind, string what, CancellationToken cancellationToken)
    {
        if (_contents is null)
            return null;
        SetTable[] found = await LabelledSet.WithoutCopiesAsync([.. _contents.Tables.Where(table => table.Kind == kind)], cancellationToken);
        return found.Length <= 1
            ? found.FirstOrDefault()?.Source
            : throw new InvalidDataException($"{Name} holds several files of {what}: {ShownText.List([.. found.Select(table => table.Path)])}. Name one of them.");
    }
}
