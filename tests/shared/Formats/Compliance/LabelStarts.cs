using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Shared.Tests.Formats.Compliance;

/// <summary>Reads the starts of files.</summary>
internal static class LabelStarts
{
    private static readonly string[] Tables = [".csv", ".tsv", ".txt"];

    /// <summary>Reads the start of a file.</summary>
    public static async Task<LabelFileStart> ReadAsync(SetFile file, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[LabelFileStart.LongestBytes];
        await using Stream stream = await file.OpenAsync(cancellationToken);
        int length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        var start = new LabelFileStart(file.Path, bytes.AsMemory(0, length), table: null);
        return Tables.Contains(Path.GetExtension(file.Path)) ? new LabelFileStart(file.Path, bytes.AsMemory(0, length), Table(start.Text)) : start;
    }

    private static TableStart? Table(string text)
    {
        string[][] rows = [.. text.Split('\n').Take(9).Select(line => line.TrimEnd('\r').Split(','))];
        return rows.Length == 0 ? null : new TableStart(rows[0], rows[1..]);
    }
}
