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
    private readonly SurveyFindings _findings;
    private readonly List<string> _guesses = [];
    private readonly List<string> _problems = [];
    private long _rejected;

    private ConvertiblePixels(LabelledTable table, RowImages? images, PixelReading read, SurveyFindings findings, MirrorPairs mirror)
    {
        _table = table;
        _images = images;
        _findings = findings;
        _guesses.AddRange([.. read.Rows.Columns.Guesses, .. images?.Guess is string axes ? [axes] : (string[])[], .. read.Rows.Guesses, .. findings.Guesses]);
        _guesses.AddRange([.. read.Rows.Columns.Warnings, .. findings.Warnings]);
        Keypoints = read.Rows.Columns.Keypoints;
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
            await using PixelReading reading = await PixelReading.OpenAsync(table, images, found?.Conventions, cancellationToken);
            DatasetReader rows = reading.Rows;
            PublishedOrderCheck? order = PublishedOrderCheck.For(rows.Columns.Keypoints);
            while (await rows.ReadAsync(cancellationToken))
            {
                if (rows.Fault is null)
                    order?.Add(rows.Values.Coordinates);
            }

            SurveyFindings findings = found ?? rows.Values.Survey.Find(reading.Conventions, reading.FileName, reading.FileName + SidecarFile.Ending);
            if (found is null && findings.AreOther)
                found = findings;
            else
                return new ConvertiblePixels(table, images, reading, findings, FindMirror(reading, order));
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ConvertiblePicture> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using PixelReading reading = await PixelReading.OpenAsync(_table, _images, _findings.Conventions, cancellationToken);
        DatasetReader rows = reading.Rows;
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

    private static MirrorPairs FindMirror(PixelReading reading, PublishedOrderCheck? order)
    {
        IReadOnlyList<string> names = reading.Rows.Columns.Keypoints;
        if (StatedMirror.Apply(reading.Stated.Mirror, names) is { } stated)
            return stated;
        MirrorPairs named = MirrorPairs.FromNames(names);
        return named.Pairs.Count > 0 ? named : order?.Find(out _) ?? named;
    }

    private static ConvertiblePicture Picture(DatasetReader rows)
    {
        FrameSize frame = rows.Values.Frame!;
        byte[] png = GreyPng.Encode(rows.Values.Pixels.Span, frame);
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
