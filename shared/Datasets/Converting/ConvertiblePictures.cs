using System.Runtime.CompilerServices;
using KeypointPipeline.Datasets.Opening;
using KeypointPipeline.Datasets.Pictures;
using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Datasets.Converting;

/// <summary>Labels that name pictures.</summary>
internal sealed class ConvertiblePictures : ConvertibleLabels
{
    private readonly PictureLabels _labels;
    private readonly LabelReader _reader;
    private readonly PictureSource _pictures;
    private readonly PictureLabelReading _reading;
    private readonly List<string> _notes;
    private readonly List<string> _problems = [];
    private long _rejected;

    private ConvertiblePictures(PictureLabels labels, LabelReader reader, PictureSource pictures, PictureFindings findings, MirrorPairs mirror)
    {
        _labels = labels;
        _reader = reader;
        _pictures = pictures;
        _reading = new PictureLabelReading(findings.Labels.Conventions, reader.HasOpenConventions);
        _notes = [$"Labels: {labels.Format.Name}.", .. labels.Note is string note ? [note] : (string[])[], .. findings.Labels.Guesses, .. findings.Labels.Warnings];
        Mirror = mirror;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Keypoints => _reader.Keypoints;

    /// <inheritdoc/>
    public override MirrorPairs Mirror { get; }

    /// <inheritdoc/>
    public override IEnumerable<string> Notes => [.. _notes, .. _reader.Guesses, .. _reader.Warnings];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Problems => _problems;

    /// <inheritdoc/>
    public override long Rejected => _rejected;

    /// <summary>Opens the labels: reads all of them to find out how they are written.</summary>
    /// <exception cref="RejectedFileException">They cannot be read.</exception>
    public static async Task<ConvertiblePictures> OpenAsync(PictureLabels labels, CancellationToken cancellationToken)
    {
        StatedFacts stated = StatedFacts.Of(await labels.FindSidecarAsync(cancellationToken));
        LabelReader reader = await labels.OpenAsync(stated.Group, cancellationToken);
        try
        {
            var pictures = new PictureSource(labels, reader);
            PictureFindings findings = await new PictureSurvey(pictures, reader, stated, new HashSet<ulong>()).FindAsync(
                needsFraming: false, reader.FileName, reader.FileName + SidecarFile.Ending, cancellationToken);
            MirrorPairs mirror = StatedMirror.Apply(stated.Mirror ?? reader.Mirror, reader.Keypoints) ?? MirrorPairs.FromNames(reader.Keypoints);
            return new ConvertiblePictures(labels, reader, pictures, findings, mirror);
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ConvertiblePicture> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (LabelledPicture picture in _reader.ReadAsync(cancellationToken))
        {
            LabelledInstance[] good = [.. picture.Instances.Where(instance => IsGood(picture, instance))];
            if (good.Length == 0 && picture.Instances.Count > 0)
                continue;
            if (await ReadAsync(picture, good, cancellationToken) is { } read)
                yield return read;
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _reader.DisposeAsync();

    private bool IsGood(LabelledPicture picture, LabelledInstance instance)
    {
        if (instance.Fault is { } fault)
            Reject(picture, instance, fault.Column is null ? fault.Text : $"column {fault.Column}: {fault.Text}");
        return instance.Fault is null;
    }

    private async Task<ConvertiblePicture?> ReadAsync(LabelledPicture picture, LabelledInstance[] instances, CancellationToken cancellationToken)
    {
        string? problem;
        try
        {
            PictureLookup found = _pictures.Find(picture);
            if (found.File is SetFile file)
                return Convert(picture, instances, file, await _pictures.ReadAsync(file, cancellationToken), out problem) ?? RejectAll();
            problem = found.Fault!.Text;
        }
        catch (Exception e) when (e is ImageRejectedException or RejectedFileException)
        {
            problem = PictureSource.Unreadable(picture, e).Text;
        }

        return RejectAll();

        ConvertiblePicture? RejectAll()
        {
            foreach (LabelledInstance instance in instances)
                Reject(picture, instance, problem!);
            return null;
        }
    }

    private ConvertiblePicture? Convert(LabelledPicture picture, LabelledInstance[] instances, SetFile file, ArraySegment<byte> bytes, out string? problem)
    {
        using OpenedPicture opened = _pictures.Decoder.Open(bytes);
        var size = PictureSize.Of(picture, opened);
        problem = size.FindFault(picture)?.Text;
        if (problem is not null)
            return null;
        string? local = _labels.Set is FolderFileSet folder ? folder.Locate(file.Path) : null;
        var source = new SourcePicture(
            file.Path, local, _ => Task.FromResult<Stream>(new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)));
        return new ConvertiblePicture(source, opened.Width, opened.Height, [.. instances.Select(instance => Convert(picture, instance, size))]);
    }

    private LabelledInstance Convert(LabelledPicture picture, LabelledInstance instance, PictureSize size)
    {
        ReadLabels read = _reading.Read(picture, instance, size);
        bool isPrediction = PredictionChecksum.IsUnchanged(instance.Origin, instance.Checksum, instance.Points);
        return instance with
        {
            Points = read.Points,
            States = instance.States is null ? null : read.States,
            Box = read.Box,
            // Points that are only scaled are still a prediction.
            Checksum = isPrediction ? PredictionChecksum.Of(read.Points) : instance.Checksum,
        };
    }

    private void Reject(LabelledPicture picture, LabelledInstance instance, string problem)
    {
        _rejected++;
        if (_problems.Count < DatasetLimits.ProblemsInDetail)
            _problems.Add($"{_pictures.Describe(picture, instance)}: {problem}");
    }
}
