using System.Runtime.CompilerServices;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Cvat;

/// <summary>Reads the instances of a set from a temporary file. Opening it reads each file twice: what names the keypoints is known only after
/// all shapes.</summary>
internal sealed class CvatReader : LabelReader
{
    private readonly InstanceSpool _spool;
    private readonly CvatSurvey _survey;
    private readonly CvatNames _names;

    private CvatReader(string fileName, InstanceSpool spool, CvatSurvey survey, CvatNames names)
    {
        FileName = fileName;
        _spool = spool;
        _survey = survey;
        _names = names;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Keypoints => _names.Keypoints;

    /// <inheritdoc/>
    public override string FileName { get; }

    /// <inheritdoc/>
    public override string RowWord => "line";

    /// <inheritdoc/>
    public override IEnumerable<string> Guesses => _names.Guesses;

    /// <inheritdoc/>
    public override IEnumerable<string> Warnings
    {
        get
        {
            foreach (string warning in _survey.LeftOut.Warnings)
                yield return warning;
            if (_survey.Automatic > 0)
            {
                yield return $"{_survey.Automatic:N0} skeletons and points are marked source=\"auto\": a model placed them, and nobody has moved them. "
                    + "They are read as labels. Delete in CVAT what nobody has checked.";
            }

            if (_names.SharedNames is not null)
            {
                yield return $"The skeletons {_names.SharedNames} have points with the same names. They count as the same keypoints. "
                    + "Rename them in CVAT if they are not.";
            }
        }
    }

    /// <summary>Reads the files into a spool.</summary>
    /// <exception cref="RejectedFileException">A file is not XML or an export for video, or no shape is a keypoint.</exception>
    /// <exception cref="IOException">A file could not be read. Retry.</exception>
    public static async Task<CvatReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, CancellationToken cancellationToken)
    {
        string name = files is [SetFile only] ? FileNames.OwnName(only.Path) : ShownText.List([.. files.Select(file => file.Path)], most: 2);
        var survey = new CvatSurvey(name);
        foreach (SetFile file in files)
        {
            var content = new CvatFile(set, file);
            await foreach (CvatImage image in content.ReadAsync(cancellationToken))
                survey.Add(image);
            survey.AddRest(content);
        }

        CvatNames names = survey.ToNames();
        if (names.Keypoints.Count == 0)
            throw new RejectedFileException(Empty(name, survey));
        var spool = new InstanceSpool(name);
        try
        {
            var instances = new CvatInstances(names);
            foreach (SetFile file in files)
            {
                await foreach (CvatImage image in new CvatFile(set, file).ReadAsync(cancellationToken))
                {
                    int picture = spool.Add(image.ToPicture(set, file) with { File = files.Count > 1 ? file.Path : null });
                    foreach (LabelledInstance instance in instances.Of(image))
                        spool.Add(picture, instance);
                }
            }

            return new CvatReader(name, spool, survey, names);
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<LabelledPicture> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (LabelledPicture picture in _spool.Read(Keypoints))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return picture;
        }
    }

    /// <inheritdoc/>
    protected override ValueTask CloseAsync()
    {
        _spool.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Empty(string name, CvatSurvey survey)
    {
        if (survey.Pictures == 0)
            return $"{name} names no picture. Export the task from CVAT as \"CVAT for images 1.1\".";
        string leftOut = string.Concat(survey.LeftOut.Warnings.Select(warning => $" {warning}"));
        return $"{name} has no skeletons and no points, so no keypoints.{leftOut} Label keypoints in CVAT with a skeleton or with points.";
    }
}
