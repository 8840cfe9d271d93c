using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.PixelCsv.Labels;
using KeypointPipeline.Images;
using KeypointPipeline.Images.Placing;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets.Pictures;

/// <summary>Reads all labels once before any frame is made: finds out how they are written, which framing suits them, and which pictures
/// they name. Opens a few pictures for their sizes.</summary>
/// <param name="source">The labels and their pictures.</param>
/// <param name="reader">Reads the labels.</param>
/// <param name="stated">What the sidecar states.</param>
/// <param name="erasedGroups">Hashes of the groups whose instances are left out.</param>
internal sealed class PictureSurvey(PictureSource source, LabelReader reader, StatedFacts stated, IReadOnlySet<ulong> erasedGroups)
{
    /// <summary>Pictures that are opened for their sizes, if the label files do not state them.</summary>
    private const int MostOpened = 64;

    private readonly Dictionary<string, FrameSize?> _sizes = new(StringComparer.Ordinal);

    /// <summary>Reads the labels.</summary>
    /// <param name="needsFraming">Whether a framing is to be chosen.</param>
    /// <param name="file">Name of the label file, for messages.</param>
    /// <param name="sidecar">Name of the sidecar, for messages.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="RejectedFileException">The labels contradict themselves, or cannot be read.</exception>
    /// <exception cref="IOException">A file could not be read. Retry.</exception>
    public async Task<PictureFindings> FindAsync(bool needsFraming, string file, string sidecar, CancellationToken cancellationToken)
    {
        RowConventions conventions = stated.Conventions;
        SurveyFindings? first = null;
        while (true)
        {
            var survey = new LabelSurvey();
            var framing = new FramingSurvey(reader.Keypoints);
            await ReadAsync(conventions, survey, framing, needsFraming, cancellationToken);
            SurveyFindings findings = first ?? (reader.HasOpenConventions
                ? survey.Find(conventions, file, sidecar)
                : new SurveyFindings(conventions, AreOther: false, [], []));

            // What it found changes the points that the framing is chosen by.
            if (first is null && findings.AreOther)
                (first, conventions) = (findings, findings.Conventions);
            else
                return new PictureFindings(findings, needsFraming ? framing.Choose(stated.Framing) : null);
        }
    }

    private async Task ReadAsync(
        RowConventions conventions, LabelSurvey survey, FramingSurvey framing, bool needsFraming, CancellationToken cancellationToken)
    {
        var reading = new PictureLabelReading(conventions, reader.HasOpenConventions);
        long rows = 0;
        await foreach (LabelledPicture picture in reader.ReadAsync(cancellationToken))
        {
            source.Note(picture);
            rows += picture.Instances.Count;
            if (rows > DatasetLimits.Rows)
                throw new RejectedFileException($"{reader.FileName} labels more than {DatasetLimits.Rows:N0} instances. Split the set.");
            LabelledInstance[] usable = [.. picture.Instances.Where(IsUsable)];
            if (usable.Length == 0)
                continue;
            FrameSize? known = await FindSizeAsync(picture, needsFraming, cancellationToken);
            PictureSize? size = known is null ? null : new PictureSize(known, Picture: null, SizeFit.Same);
            foreach (LabelledInstance instance in usable)
                Add(picture, instance, size, isAlone: usable.Length == 1, reading, survey, framing);
        }
    }

    private void Add(
        LabelledPicture picture,
        LabelledInstance instance,
        PictureSize? size,
        bool isAlone,
        PictureLabelReading reading,
        LabelSurvey survey,
        FramingSurvey framing)
    {
        ReadLabels read = reading.Read(picture, instance, size);

        // A picture of unknown size is taken for a large one: only shares of small ones may be meant as pixels.
        if (reader.HasOpenConventions && !picture.IsRelative)
            survey.AddLabels(instance.Row, instance.Points, size?.Stated ?? new FrameSize(int.MaxValue, int.MaxValue), read.HasZero, read.HasMinusOne);
        (int, int)? dimensions = size is PictureSize known ? (known.Stated.Width, known.Stated.Height) : null;
        if (read.HasLabels || read.Box is not null)
            framing.Add(read.Points, read.Box, dimensions, isAlone);
    }

    private bool IsUsable(LabelledInstance instance) =>
        instance.Fault is null
        && !PredictionChecksum.IsUnchanged(instance.Origin, instance.Checksum, instance.Points)
        && !(instance.Group is string group && GroupKey.Of(group) is ulong key && erasedGroups.Contains(key))
        && Array.Exists(instance.Points, value => !float.IsNaN(value));

    /// <summary>Returns a picture's size as the labels state it, or as the file says, or null.</summary>
    private async Task<FrameSize?> FindSizeAsync(LabelledPicture picture, bool needsFraming, CancellationToken cancellationToken)
    {
        if (picture.StatedSize is (int width, int height))
            return new FrameSize(width, height);
        if (_sizes.TryGetValue(picture.Path, out FrameSize? size) || !needsFraming || _sizes.Count == MostOpened)
            return size;
        try
        {
            if (source.Find(picture).File is { } file)
            {
                using OpenedPicture opened = source.Decoder.Open(await source.ReadAsync(file, cancellationToken));
                size = new FrameSize(opened.Width, opened.Height);
            }
        }
        catch (Exception e) when (e is ImageRejectedException or RejectedFileException)
        {
            // The picture is reported when its frames are made.
        }

        return _sizes[picture.Path] = size;
    }
}

/// <summary>What a survey of labels found.</summary>
/// <param name="Labels">How they are written.</param>
/// <param name="Framing">The framing that suits them, or null if none was to be chosen.</param>
internal sealed record PictureFindings(SurveyFindings Labels, FramingChoice? Framing);
