using KeypointPipeline.Files;
using KeypointPipeline.Formats.Npz;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Datasets.Opening;

/// <summary>Finds the labels in a dropped set of files. Four kinds of sets are read: one table that holds labels and pixels, whatever
/// else is in the set; Kaggle's files as downloaded, where that table is in a zip inside the set; a table of labels with an array of
/// pictures (<c>facial_keypoints.csv</c> with <c>face_images.npz</c>); and label files of one format that name pictures of the
/// set.</summary>
internal static class LabelledSet
{
    private const string UsualTable = "facial_keypoints.csv";
    private const string UsualArray = "face_images.npz";

    /// <summary>Copies of one table are recognised among at most so many tables.</summary>
    private const int MostCompared = 4;

    /// <summary>Finds the labels.</summary>
    /// <param name="set">The set.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <param name="findElsewhereAsync">Finds the labels of a set that holds pictures and no label files, or returns null.</param>
    /// <exception cref="RejectedFileException">The set holds no labels that are read, or several. The message lists what it holds, and says
    /// what is read and what to do next.</exception>
    /// <exception cref="IOException">A file could not be read. Retry.</exception>
    public static async Task<SetLabels> FindAsync(
        FileSet set, CancellationToken cancellationToken, Func<Task<SetLabels?>>? findElsewhereAsync = null)
    {
        // Nothing else can be meant, and its own errors say more.
        SetFile[] tables = [.. set.Files.Where(file => FileNames.IsDataset(file.Path))];
        if (tables is [SetFile only] && set.Files.All(file => file == only || SetSidecar.IsSidecar(file.Path)))
            return new LabelledTable(SetContents.SourceOf(set, only), OpenImagesAsync: null, [only]);
        SetContents contents = await SetContents.ReadAsync(set, cancellationToken);
        SetLabels? labels = await ChooseTableAsync(contents, cancellationToken);
        if (labels is null && contents.Labels.Count == 0 && contents.Pictures > 0 && findElsewhereAsync is not null)
            labels = await findElsewhereAsync();
        return labels ?? await ChoosePicturesAsync(contents, cancellationToken);
    }

    /// <summary>Chooses the labels that name pictures. Whether they name pictures of the set is found out when they are prepared, unless that
    /// decides between several formats.</summary>
    private static async Task<PictureLabels> ChoosePicturesAsync(SetContents contents, CancellationToken cancellationToken)
    {
        if (contents.Labels.Count == 0)
            throw new RejectedFileException(SetDescription.WhyUnread(contents));
        if (contents.Labels is [PictureLabels only] && contents.Pictures > 0)
            return only;
        PictureLabelChoice choice = await PictureLabelChoice.ChooseAsync(contents.Set, contents.Labels, cancellationToken);
        return choice.Labels ?? throw new RejectedFileException(choice.Problem!);
    }

    /// <summary>Chooses the labels with pixels. Returns null if there are none.</summary>
    /// <exception cref="RejectedFileException">There are several.</exception>
    /// <exception cref="IOException">A file could not be read. Retry.</exception>
    public static async Task<LabelledTable?> ChooseTableAsync(SetContents contents, CancellationToken cancellationToken)
    {
        SetTable[] labelled = await WithoutCopiesAsync([.. contents.Tables.Where(table => table.Kind == TableKind.Labelled)], cancellationToken);
        if (labelled.Length > 0)
        {
            SetTable only = Only(contents, labelled, table => table.Path, "tables with labels and pixels");
            return new LabelledTable(only.Source, OpenImagesAsync: null, [only.File, .. SetSidecar.List(contents.Set, only.File)]);
        }

        // A table that names its pictures does not belong to an array.
        HashSet<string> named = [.. contents.Labels.SelectMany(label => label.LabelFiles).Select(file => file.Path)];
        SetTable[] labels = Usual(
            [.. contents.Tables.Where(table => table.Kind == TableKind.LabelsOnly && !named.Contains(table.Path))], table => table.Path, UsualTable);
        SetFile[] arrays = Usual(contents.Arrays, array => array.Path, UsualArray);
        if (labels.Length == 0 || arrays.Length == 0)
            return null;
        SetTable table = Only(contents, labels, label => label.Path, "tables of labels");
        SetFile array = NamedFile.Of(contents.Set, Only(contents, arrays, file => file.Path, "files of pictures"));
        return new LabelledTable(
            table.Source,
            async token => await ArrayImages.OpenAsync(array, FileNames.OwnName(table.Path), await TableLook.CountRowsAsync(table.Source, token), token),
            [table.File, array, .. SetSidecar.List(contents.Set, table.File)]);
    }

    /// <summary>Leaves out tables that are copies of an earlier one, as <c>training.csv</c> beside <c>training.zip</c>.</summary>
    internal static async Task<SetTable[]> WithoutCopiesAsync(SetTable[] tables, CancellationToken cancellationToken)
    {
        if (tables.Length is < 2 or > MostCompared)
            return tables;
        var different = new Dictionary<UInt128, SetTable>();
        foreach (SetTable table in tables)
            different.TryAdd(await TableLook.HashAsync(table.Source, cancellationToken), table);
        return [.. different.Values];
    }

    private static T[] Usual<T>(IReadOnlyList<T> files, Func<T, string> path, string name)
    {
        T[] usual = [.. files.Where(file => FileNames.OwnName(path(file)).Equals(name, StringComparison.OrdinalIgnoreCase))];
        return usual.Length == 1 ? usual : [.. files];
    }

    private static T Only<T>(SetContents contents, IReadOnlyList<T> files, Func<T, string> path, string what) => files.Count == 1
        ? files[0]
        : throw new RejectedFileException(
            $"{contents.Set.Name} contains {files.Count:N0} {what} ({ShownText.List([.. files.Select(path)])}): one is expected. Put each into a folder or zip of its own.");
}
