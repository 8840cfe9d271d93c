using KeypointPipeline.Files;
using KeypointPipeline.Formats.Headers;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.PictureTables;
using KeypointPipeline.Images;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.CelebA;

/// <summary>CelebA's landmarks: <c>list_landmarks_align_celeba</c> and <c>list_landmarks_celeba</c>, as <c>.txt</c> or as <c>.csv</c>.</summary>
/// <remarks>
/// Conventions:
/// <list type="bullet">
/// <item>The text file starts with the number of pictures and the names of the columns. Each further line has a picture's name and ten whole
/// numbers between runs of blanks (https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html). Kaggle's copy is a table with the column
/// <c>image_id</c> in front (https://www.kaggle.com/datasets/jessicali9530/celeba-dataset).</item>
/// <item>Left and right are the viewer's: the first picture has <c>lefteye</c> at x = 69 and <c>righteye</c> at x = 106. So each point gets
/// the other side's name here.</item>
/// <item>Coordinates are whole pixels from the top left. Nothing is converted.</item>
/// <item>Every point has a position, also where it is hidden. There are no boxes in these files.</item>
/// <item>If <c>identity_CelebA.txt</c> is in the set, the person of a picture is its group.</item>
/// <item>The text file names pictures <c>.jpg</c> also where the aligned pictures were downloaded as <c>.png</c>.</item>
/// </list>
/// </remarks>
internal sealed class CelebaFormat : ILabelFormat
{
    /// <summary>The viewer's names in the files, and the subject's names.</summary>
    private static readonly (string Viewer, string Subject)[] Names =
    [
        ("lefteye", "right_eye"), ("righteye", "left_eye"), ("nose", "nose"), ("leftmouth", "right_mouth"), ("rightmouth", "left_mouth"),
    ];

    /// <inheritdoc/>
    public string Name => "CelebA landmarks (CSV and text)";

    /// <inheritdoc/>
    public LabelFormatTraits Traits => new(States: false, Boxes: false, SeveralInstances: false, Writes: false);

    /// <inheritdoc/>
    public IReadOnlyList<string> Endings => [.. FileNames.TableEndings, FileNames.Text];

    /// <summary>Whether a table has CelebA's columns.</summary>
    public static bool Fits(TableStart start) => PictureColumn.Find(start, out _) >= 0 && FindColumns(start.Names) is not null;

    /// <inheritdoc/>
    public bool Recognises(LabelFileStart start) => start.Table is { } table ? Fits(table) : IsText(start.Path) && CelebaText.Fits(start.Text);

    /// <inheritdoc/>
    public async Task<LabelReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, CancellationToken cancellationToken)
    {
        CelebaPeople? people = await CelebaPeople.ReadAsync(set, cancellationToken);
        var tables = new List<PictureTable>();
        foreach (SetFile file in Choose(set, files, out string? warning))
        {
            bool isText = IsText(file.Path);
            Func<CsvContent, CsvContent>? convert = isText ? content => new CelebaText(content) : null;
            await using LabelTable table = await LabelTable.OpenAsync(set, file, cancellationToken, convert);
            IReadOnlyList<KeypointColumns> keypoints = FindColumns(table.Rows.Names)
                ?? throw new RejectedFileException($"{FileNames.OwnName(file.Path)}: CelebA's columns are expected ({string.Join(", ", Names.Select(name => $"{name.Viewer}_x, {name.Viewer}_y"))}).");
            tables.Add(new PictureTable(file, new PictureColumns(await FindPictureAsync(set, file, isText, cancellationToken), keypoints)
            {
                Guesses = people is null ? [Guess] : [Guess, people.Guess],
                Warnings = warning is null ? [] : [warning],
            })
            {
                Convert = convert,
                Complete = picture => Complete(picture, people?.Find(picture.Path)),
            });
        }

        return new CelebaReader(await PictureTableReader.OpenAsync(set, tables, hasOpenConventions: false, cancellationToken));
    }

    private static string Guess => "CelebA's left and right are the viewer's. The points have the subject's names: "
        + $"{string.Join(", ", Names.Where(name => name.Viewer != name.Subject).Select(name => $"{name.Viewer} is {name.Subject}"))}.";

    private static bool IsText(string path) => path.EndsWith(FileNames.Text, StringComparison.OrdinalIgnoreCase);

    /// <summary>CelebA has the same names for the aligned pictures and for those in the wild, with other points. Of both lists, the one of the
    /// pictures that are there counts.</summary>
    private static IReadOnlyList<SetFile> Choose(FileSet set, IReadOnlyList<SetFile> files, out string? warning)
    {
        SetFile[] aligned = [.. files.Where(file => IsAligned(FileNames.OwnName(file.Path)))];
        warning = null;
        if (aligned.Length == 0 || aligned.Length == files.Count)
            return files;
        bool areAligned = set.Files.Any(file => ImageNames.HasImageEnding(file.Path) && IsAligned(file.Path));
        SetFile[] used = areAligned ? aligned : [.. files.Except(aligned)];
        warning = $"{ShownText.List([.. files.Except(used).Select(file => file.Path)])} is left out: the pictures are CelebA's {(areAligned ? "aligned ones" : "pictures in the wild")}.";
        return used;

        static bool IsAligned(string path) => path.Contains("align", StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<int> FindPictureAsync(FileSet set, SetFile file, bool isText, CancellationToken cancellationToken)
    {
        if (isText)
            return 0;
        LabelFileStart start = await LabelFileStart.ReadAsync(set, file, cancellationToken);
        int picture = start.Table is null ? -1 : PictureColumn.Find(start.Table, out _);
        return Math.Max(picture, 0);
    }

    private static LabelledPicture Complete(LabelledPicture picture, string? person)
    {
        bool isPng = Path.GetExtension(picture.Path).Equals(".png", StringComparison.OrdinalIgnoreCase);
        return picture with
        {
            OtherPath = isPng ? null : Path.ChangeExtension(picture.Path, ".png"),
            Instances = person is null ? picture.Instances : [.. picture.Instances.Select(instance => instance with { Group = person })],
        };
    }

    private static KeypointColumns[]? FindColumns(IReadOnlyList<string> names)
    {
        KeypointColumns[] keypoints =
            [.. Names.Select(name => new KeypointColumns(name.Subject, FactColumns.Find(names, $"{name.Viewer}_x"), FactColumns.Find(names, $"{name.Viewer}_y")))];
        return Array.TrueForAll(keypoints, keypoint => keypoint.IsComplete) ? keypoints : null;
    }
}
