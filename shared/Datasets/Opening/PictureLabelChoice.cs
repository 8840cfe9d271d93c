using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Datasets.Opening;

/// <summary>Chooses the labels to train on among the label files of a set whose pictures are files.</summary>
/// <param name="Labels">The labels, or null.</param>
/// <param name="Problem">Why there are none, although there are label files, as a sentence; otherwise null.</param>
internal sealed record PictureLabelChoice(PictureLabels? Labels, string? Problem)
{
    /// <summary>Chooses the labels of one format that name pictures of the set. Predictions that nobody changed are none.</summary>
    /// <param name="set">The set.</param>
    /// <param name="found">Its label files by format.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="RejectedFileException">Two formats have labels, or a label file cannot be read.</exception>
    /// <exception cref="IOException">A file could not be read. Retry.</exception>
    public static async Task<PictureLabelChoice> ChooseAsync(FileSet set, IReadOnlyList<PictureLabels> found, CancellationToken cancellationToken)
    {
        var index = new Lazy<PictureIndex>(() => new PictureIndex(set));
        var usable = new List<PictureLabels>();
        string? problem = null;
        foreach (PictureLabels labels in found)
        {
            string? own = await FindProblemAsync(labels, index, cancellationToken);
            if (own is null)
                usable.Add(labels);
            problem ??= own;
        }

        if (usable.Count > 1)
        {
            string formats = string.Join("; ", usable.Select(labels => $"{List(labels)}: {labels.Format.Name}"));
            throw new RejectedFileException(
                $"{set.Name} contains labels in {usable.Count} formats ({formats}): one is expected. Put each into a folder or zip of its own, with its pictures.");
        }

        return usable is [PictureLabels only] ? new PictureLabelChoice(only, Problem: null) : new PictureLabelChoice(Labels: null, problem);
    }

    /// <summary>Returns why labels cannot be trained on, or null if a picture of the set and a label were found. Reads no further than that.</summary>
    private static async Task<string?> FindProblemAsync(PictureLabels labels, Lazy<PictureIndex> index, CancellationToken cancellationToken)
    {
        string? missing = null;
        bool namesPictures = false;
        bool hasLabels = false;
        bool isEmpty = true;
        await using LabelReader reader = await labels.OpenAsync(group: null, cancellationToken);
        await foreach (LabelledPicture picture in reader.ReadAsync(cancellationToken))
        {
            isEmpty = false;
            if (!namesPictures)
            {
                namesPictures = index.Value.Find(picture, labels.MainFile).File is not null;
                missing ??= namesPictures ? null : picture.Path;
            }

            hasLabels |= picture.Instances.Any(instance => !PredictionChecksum.IsUnchanged(instance.Origin, instance.Checksum, instance.Points));
            if (namesPictures && hasLabels)
                return null;
        }

        return isEmpty ? $"{List(labels)} names no picture."
            : !namesPictures ? $"{List(labels)} names no picture of {labels.Set.Name}; the first is '{ShownText.Of(missing!)}'. Put label file and pictures into one folder or zip."
            : $"{List(labels)} holds only predictions that nobody changed. Correct some rows, or empty their origin to confirm them.";
    }

    private static string List(PictureLabels labels) => ShownText.List([.. labels.LabelFiles.Select(file => file.Path)], most: 3);
}
