using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Datasets.Opening;

/// <summary>Says what a zip or folder holds that a person drops without saying what it is: labels to train on, or pictures to predict. The
/// content decides. Tables without labels that are read, such as notes or an earlier <c>keypoints.csv</c>, may lie beside
/// pictures.</summary>
/// <param name="IsLabelled">Whether it can be trained on.</param>
/// <param name="Files">The files that the training needs: labels, the pictures that they name, and perhaps a sidecar. Empty if it is not
/// labelled.</param>
/// <param name="StartsByItself">Whether it is one table with pixels, perhaps with a sidecar: such a table is a dataset by itself. Other labels
/// need the files beside them.</param>
/// <param name="Note">What is left out and what to do about it: labels that are not read beside pictures, or pictures that no label names;
/// null if there is nothing to say.</param>
public sealed record DroppedSet(bool IsLabelled, IReadOnlyList<SetFile> Files, bool StartsByItself, string? Note)
{
    /// <summary>Looks into a label file of this machine whose pictures are files in its folder. They can still be opened afterwards.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The label file and its pictures; null if the file is no such file.</returns>
    /// <exception cref="InvalidDataException">The labels cannot be read, or none of their pictures is there.</exception>
    /// <exception cref="IOException">A file could not be read.</exception>
    public static async Task<DroppedSet?> ReadLabelFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (await LocalLabels.FindInFileAsync(path, cancellationToken) is not PictureLabels labels)
                return null;
            await using FileSet set = labels.Set;
            PictureLabelChoice choice = await PictureLabelChoice.ChooseAsync(set, [labels], cancellationToken);
            return choice.Labels is null ? throw new InvalidDataException(choice.Problem) : await OfAsync(labels, cancellationToken);
        }
        catch (RejectedFileException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>Looks into a folder or zip of this machine. Files of a folder can still be opened afterwards.</summary>
    /// <param name="path">Path of the folder or zip.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <inheritdoc cref="ReadAsync" path="/exception"/>
    public static async Task<DroppedSet> ReadLocalAsync(string path, CancellationToken cancellationToken)
    {
        await using FileSet set = await LocalFileSet.OpenAsync(path, cancellationToken);
        return await ReadAsync(set, cancellationToken);
    }

    /// <summary>Looks into a set.</summary>
    /// <param name="set">The set.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="InvalidDataException">It holds neither labels that are read nor pictures, or labels in several tables. The message
    /// lists what it holds, and says what to do.</exception>
    /// <exception cref="IOException">A file could not be read.</exception>
    public static async Task<DroppedSet> ReadAsync(FileSet set, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(set);
        try
        {
            // Nothing else can be meant, and preparing it says what is wrong with it.
            if (set.Files is [SetFile only] && FileNames.IsDataset(only.Path))
                return new DroppedSet(IsLabelled: true, [only], StartsByItself: true, Note: null);
            SetContents contents = await SetContents.ReadAsync(set, cancellationToken);
            if (await LabelledSet.ChooseTableAsync(contents, cancellationToken) is LabelledTable labels)
                return new DroppedSet(IsLabelled: true, labels.Files, StartsByItself: labels.OpenImagesAsync is null, Note: null);
            PictureLabelChoice choice = await PictureLabelChoice.ChooseAsync(set, contents.Labels, cancellationToken);
            if (choice.Labels is PictureLabels pictures)
                return await OfAsync(pictures, cancellationToken);
            return contents.Pictures > 0
                ? new DroppedSet(IsLabelled: false, [], StartsByItself: false, choice.Problem ?? SetDescription.UnreadLabels(contents))
                : throw new InvalidDataException(choice.Problem ?? SetDescription.WhyUnread(contents, "pictures and no labels that are read"));
        }
        catch (RejectedFileException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>Describes a single file that is neither a table, a zip nor an image, if it holds labels or pictures in a format that is known.
    /// </summary>
    /// <returns>What it is and what to do, as a message; null if its format is unknown.</returns>
    /// <exception cref="IOException">It could not be read.</exception>
    public static async Task<string?> DescribeUnreadAsync(DatasetSource file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        string name = FileNames.OwnName(file.Name);
        if (FileNames.IsArray(name))
            return $"{name} holds no labels by itself. Put it into one folder or zip with the table of its labels, and name the folder or zip.";
        return await ForeignLabels.RecogniseAsync(name, file.OpenAsync, cancellationToken) is string format
            ? $"{name} is {format}. It is not read. {ForeignLabels.Advice}"
            : null;
    }

    /// <summary>Describes a table that was dropped alone, if it names its pictures as files.</summary>
    /// <returns>What it is and what to do, as a message; null if it is no such table.</returns>
    /// <exception cref="IOException">It could not be read.</exception>
    internal static async Task<string?> DescribeWithoutPicturesAsync(DatasetSource table, CancellationToken cancellationToken)
    {
        await using var set = new SingleFile(table);
        return await LabelFileSearch.RecogniseAsync(set, set.Files[0], cancellationToken) is ILabelFormat format
            ? $"{FileNames.OwnName(table.Name)} names its pictures as files ({format.Name}). {LabelledFolder.Advice}"
            : null;
    }

    private static async Task<DroppedSet> OfAsync(PictureLabels labels, CancellationToken cancellationToken)
    {
        List<SetFile> pictures = await labels.ListPicturesAsync(cancellationToken).ToListAsync(cancellationToken);
        int others = labels.Set.Files.Count(file => ImageNames.IsMeantAsImage(file.Path)) - pictures.Count;
        string? note = others > 0 ? $"{others:N0} pictures that no label names." : null;
        return new DroppedSet(IsLabelled: true, [.. labels.Files, .. pictures], StartsByItself: false, note);
    }

    /// <summary>Whether a table is no dataset by itself but belongs to other files: it has labels without pixels, or it is one of Kaggle's
    /// files for predictions.</summary>
    /// <exception cref="IOException">It could not be read.</exception>
    internal static async Task<bool> NeedsFilesBesideAsync(DatasetSource table, CancellationToken cancellationToken)
    {
        var file = new SetFile(table.Name, table.Length, table.OpenAsync);
        TableKind kind = (await TableLook.ReadAsync(file, table, cancellationToken)).Kind;
        if (kind is TableKind.Labelled or TableKind.Other)
        {
            await using var set = new SingleFile(table);
            return kind == TableKind.Other && await LabelFileSearch.RecogniseAsync(set, set.Files[0], cancellationToken) is not null;
        }

        return true;
    }
}
