using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Pictures;

/// <summary>A format of labels whose pictures are files of their own. Adding a format is adding a class that implements this interface in
/// its own folder: <see cref="LabelFormats"/> finds it.</summary>
internal interface ILabelFormat
{
    /// <summary>Its name for people, for example <c>COCO keypoints (JSON)</c>.</summary>
    string Name { get; }

    /// <summary>What it can express. The table in <c>Formats/README.md</c> shows it.</summary>
    LabelFormatTraits Traits { get; }

    /// <summary>Endings of its label files, lower case with the dot.</summary>
    IReadOnlyList<string> Endings { get; }

    /// <summary>Whether there is one label file for each picture. Then all files of the set with one of the <see cref="Endings"/> are label
    /// files if the first ones are recognised.</summary>
    bool IsOnePerPicture => false;

    /// <summary>The format as a target of <c>./keypoints convert</c>, or null if it is only read.</summary>
    LabelTarget? Target => null;

    /// <summary>Whether a file holds labels of this format. The content decides; the name is only a hint.</summary>
    /// <param name="start">The start of a file with one of the <see cref="Endings"/>.</param>
    bool Recognises(LabelFileStart start);

    /// <summary>Opens the labels.</summary>
    /// <param name="set">The set. Formats with a root file read their other files through it.</param>
    /// <param name="files">The recognised files, in ordinal order of path: at least one. Together they are one dataset with the union of their
    /// keypoints.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="Files.RejectedFileException">The labels cannot be read. The message names the file and says what is expected.</exception>
    Task<LabelReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, CancellationToken cancellationToken);

    /// <summary>Opens the labels with the group column that a person states.</summary>
    /// <param name="set">The set.</param>
    /// <param name="files">The recognised files, as above.</param>
    /// <param name="group">Name of the column whose text keeps rows on one side of the split; null for the format's own groups.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="Files.RejectedFileException">The labels cannot be read, or have no such column.</exception>
    Task<LabelReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, string? group, CancellationToken cancellationToken) => group is null
        ? OpenAsync(set, files, cancellationToken)
        : throw new Files.RejectedFileException($"{Files.FileNames.OwnName(files[0].Path)} has no columns for groups ({Name}). Take the group {Files.ShownText.Of(group)} out of the sidecar.");

    /// <summary>Starts to write labels.</summary>
    /// <param name="output">Receives the files.</param>
    /// <param name="keypoints">Keypoint names, in the order of the points that will be added.</param>
    /// <param name="mirror">The mirror pairs.</param>
    /// <returns>The writer, or null if the format is only read.</returns>
    LabelWriter? StartWriting(LabelOutput output, IReadOnlyList<string> keypoints, Keypoints.MirrorPairs mirror) => null;
}

/// <summary>What a format can express.</summary>
/// <param name="States">Whether it says if a point is visible or hidden.</param>
/// <param name="Boxes">Whether it has boxes.</param>
/// <param name="SeveralInstances">Whether a picture can have several instances.</param>
/// <param name="Writes">Whether it is also written.</param>
internal sealed record LabelFormatTraits(bool States, bool Boxes, bool SeveralInstances, bool Writes);
