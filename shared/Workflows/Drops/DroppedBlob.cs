using KeypointPipeline.Datasets.Opening;
using KeypointPipeline.Files;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Workflows.Drops;

/// <summary>Says what a blob in <c>datasets</c> or <c>images</c> starts. All triggers of all hosts use this rule.</summary>
/// <param name="Kind">What it starts.</param>
/// <param name="Subject">The dataset's path or the batch's name; empty if the blob starts nothing.</param>
/// <param name="Warning">If the blob starts nothing but looks like a mistake: what to do instead.</param>
/// <param name="IsRecorded">Whether the warning is kept where the user finds it (<see cref="UnstartedBlob"/>). Warnings of single images are
/// only logged: there may be hundreds of thousands.</param>
public sealed record DroppedBlob(DropKind Kind, string Subject, string? Warning = null, bool IsRecorded = false)
{
    /// <summary>Maximum length of a dataset's path, in characters: rejected datasets and their reports get longer names.</summary>
    private const int LongestDatasetPath = 900;

    private static readonly DroppedBlob Nothing = new(DropKind.Nothing, "");

    /// <summary>Classifies a blob by its name.</summary>
    /// <param name="container"><see cref="BlobLayout.Datasets"/> or <see cref="BlobLayout.Images"/>.</param>
    /// <param name="name">The blob's name in it.</param>
    public static DroppedBlob Classify(string container, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return container switch
        {
            BlobLayout.Datasets => ClassifyDataset(name),
            BlobLayout.Images => ClassifyImage(name),
            _ => Nothing,
        };
    }

    private static DroppedBlob ClassifyDataset(string name)
    {
        if (SidecarFile.FindOwner(name) is string owner)
            return ClassifyDataset(owner) is { Kind: DropKind.Dataset } dataset ? dataset with { Kind = DropKind.Sidecar } : Nothing;
        string path = DatasetPath.FolderOfMarker(name) ?? name;
        if (!DatasetPath.IsFolder(path) && !FileNames.IsDataset(name))
        {
            // Inside a folder, it belongs to the folder's labels and waits for the marker.
            if (DatasetPath.FolderAround(name) is not null)
                return Nothing;
            return Mistake(name, $"datasets/{ShownText.Of(name)} is left alone: " + (LabelledFolder.MayNamePictures(name)
                ? $"labels in such a file name pictures that lie beside it. {LabelledFolder.Advice}"
                : $"a dataset's name ends in {FileNames.DatasetEndings}. Files that belong together go into a folder, datasets/{{name}}/, and the marker "
                    + $"{BlobLayout.ReadyMarker} completes it."));
        }

        string? problem = name.Length > LongestDatasetPath
            ? $"has {name.Length:N0} characters, and {LongestDatasetPath} are allowed"
            : BlobName.FindProblem(name);
        return problem is null
            ? new DroppedBlob(DropKind.Dataset, path)
            : Mistake(name, $"datasets/{ShownText.Of(name)} is left alone: its name {problem}. Upload it under another name.");
    }

    private static DroppedBlob ClassifyImage(string name)
    {
        const string MarkerEnding = "/" + BlobLayout.ReadyMarker;
        string[] parts = name.Split('/');
        bool marker = parts[^1] == BlobLayout.ReadyMarker;

        if (parts.Length == 1 && name.Length > FileNames.Zip.Length && name.EndsWith(FileNames.Zip, StringComparison.Ordinal))
            return ClassifyBatch(name, name[..^FileNames.Zip.Length]);
        if (parts.Length == 2 && marker)
            return ClassifyBatch(name, name[..^MarkerEnding.Length]);
        if (parts.Length == 1)
            return Mistake(name, $"images/{ShownText.Of(name)} is left alone: images go into a folder of their own, images/{{batch}}/, or into images/{{batch}}{FileNames.Zip}.");
        if (marker)
            return Mistake(name, $"images/{ShownText.Of(name)} is left alone: the marker goes directly into the batch's folder, images/{ShownText.Of(parts[0])}/{BlobLayout.ReadyMarker}.");
        return Nothing;
    }

    private static DroppedBlob ClassifyBatch(string name, string batch) =>
        BatchName.FindProblem(batch) is string problem
            ? Mistake(name, $"images/{ShownText.Of(name)} is left alone: the batch's name {problem}. Upload it under another name.")
            : new DroppedBlob(DropKind.Batch, batch);

    private static DroppedBlob Mistake(string name, string warning) =>
        Nothing with { Warning = warning, IsRecorded = !ImageNames.HasImageEnding(name) };
}

/// <summary>What a dropped blob starts.</summary>
public enum DropKind
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary><see cref="IngestDataset"/>.</summary>
    Dataset,

    /// <summary><see cref="IngestDataset"/> of the file beside it, if that is there.</summary>
    Sidecar,

    /// <summary><see cref="InferBatch"/>.</summary>
    Batch,
}
