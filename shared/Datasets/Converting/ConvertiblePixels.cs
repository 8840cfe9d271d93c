using System.Runtime.CompilerServices;
using KeypointPipeline.Datasets.Opening;
using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.PixelCsv;
using KeypointPipeline.Formats.PixelCsv.Labels;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets.Converting;

/// <summary>The labels of a table with pixels. Each row becomes a picture with one instance, or with none if the row has no label.</summary>
internal sealed class ConvertiblePixels : ConvertibleLabels
{
    private readonly LabelledTable _table;
    private readonly RowImages? _images;
    private readonly StatedFacts _stated;
    private readonly SurveyFindings _findings;
    private readonly List<string> _guesses = [];
    private readonly List<string> _problems = [];
    private long _rejected;

    private ConvertiblePixels(
        LabelledTable table, RowImages? images, StatedFacts stated, DatasetReader read, SurveyFindings findings, MirrorPairs mirror)
    {
        _table = table;
        _images = images;
        _stated = stated;
        _findings = findings;
        _guesses.AddRange([.. read.Columns.Guesses, .. images?.Guess is string axes ? [axes] : (string[])[], .. read.Guesses, .. findings.Guesses]);
        _guesses.AddRange([.. read.Columns.Warnings, .. findings.Warnings]);
        Keypoints = read.Columns.Keypoints;
        Mirror = mirror;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Keypoints { get; }

    /// <inheritdoc/>
    public override MirrorPairs Mirror { get; }

    /// <inheritdoc/>
    public override IEnumerable<string> Notes => _guesses;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Problems => _problems;

    /// <inheritdoc/>
    public override long Rejected => _rejected;

    /// <summary>Opens a table: reads all rows to find out how they are written and which points are left and right.</summary>
    public static async Task<ConvertiblePixels> OpenAsync(LabelledTable table, CancellationToken cancellationToken)
    {
        RowImages? images = table.OpenImagesAsync is { } open ? await open(cancellationToken) : null;
        SurveyFindings? found = null;
        while (true)
        {
            await using PixelReading reading = await PixelReading.OpenAsync(table.Source, cancellationToken);
            StatedFacts stated = await reading.ReadSidecarAsync(findBesideAsync: null, cancellationToken);
            RowConventions conventions = found?.Conventions ?? stated.Conventions;
            DatasetReader rows = await reading.ReadHeaderAsync(stated.Frame, stated.Group, conventions, images, cancellationToken);
            PublishedOrderCheck? order = PublishedOrderCheck.For(rows.Columns.Keypoints);
            while (await rows.ReadAsync(cancellationToken))
            {
                if (rows.Fault is null)
                    order?.Add(rows.Values.Coordinates);
            }

            SurveyFindings findings = found ?? rows.Values.Survey.Find(conventions, reading.FileName, reading.FileName + SidecarFile.Ending);
            if (found is null && findings.AreOther)
                found = findings;
            else
                return new ConvertiblePixels(table, images, stated, rows, findings, FindMirror(stated, rows.Columns.Keypoints, order));
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ConvertiblePicture> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using PixelReading reading = await PixelReading.OpenAsync(_table.Source, cancellationToken);
        DatasetReader rows = await reading.ReadHeaderAsync(_stated.Frame, _stated.Group, _findings.Conventions, _images, cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            if (rows.Fault is { } fault)
                Reject(reading.FileName, rows.Row, fault);
            else
                yield return Picture(rows);
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static MirrorPairs FindMirror(StatedFacts stated, IReadOnlyList<string> names, PublishedOrderCheck? order)
    {
        if (StatedMirror.Apply(stated.Mirror, names) is { } pairs)
            return pairs;
        MirrorPairs named = MirrorPairs.FromNames(names);
        return named.Pairs.Count > 0 ? named : order?.Find(out _) ?? named;
    }

    private static ConvertiblePicture Picture(DatasetReader rows)
    {
        FrameSize frame = rows.Values.Frame!;
        byte[] png = GreyImage.ToPng(rows.Values.Pixels.Span, frame);
        var source = new SourcePicture($"row-{rows.Row:000000}.png", File: null, _ => Task.FromResult<Stream>(new MemoryStream(png, writable: false)));
        LabelledInstance[] instances = rows.Values.LabelCount == 0 ? []
            : [new LabelledInstance(rows.Row, [.. rows.Values.Coordinates]) { Group = rows.Group }];
        return new ConvertiblePicture(source, frame.Width, frame.Height, instances);
    }

    private void Reject(string file, long row, Formats.Csv.RowFault fault)
    {
        _rejected++;
        if (_problems.Count < DatasetLimits.ProblemsInDetail)
            _problems.Add($"{file} row {row:N0}{(fault.Column is null ? "" : $", column {fault.Column}")}: {fault.Text}");
    }
}
