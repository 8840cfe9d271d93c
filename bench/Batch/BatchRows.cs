using KeypointPipeline.Results;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Bench.Batch;

/// <summary>Checks a batch's <c>keypoints.csv</c>, or all its parts: a row for each image, in order, and equal coordinates for equal bytes.</summary>
internal static class BatchRows
{
    /// <summary>Reads and checks every row.</summary>
    /// <exception cref="InvalidDataException">A row is missing or wrong.</exception>
    public static async Task CheckAsync(PipelineStorage storage, string batch, int images, CancellationToken cancellationToken)
    {
        StoredDocument<BatchSummary> summary = await storage.ReadAsync<BatchSummary>(BlobLayout.Results, $"{batch}/{ResultFiles.Summary}", cancellationToken)
            ?? throw new InvalidDataException($"{batch} has no {ResultFiles.Summary}.");
        string[] first = new string[ReferencedImages.Originals];
        int row = 0;
        foreach (string table in summary.Value.Tables?.Select(part => part.Csv) ?? [ResultFiles.Csv])
        {
            using var reader = new StreamReader(
                await storage.Blob(BlobLayout.Results, $"{batch}/{table}").OpenReadAsync(cancellationToken: cancellationToken));
            await reader.ReadLineAsync(cancellationToken);
            for (; await reader.ReadLineAsync(cancellationToken) is string line; row++)
            {
                string name = $"{ReferencedImages.Name(row)},";
                string rest = line.StartsWith(name, StringComparison.Ordinal) ? line[name.Length..] : throw Wrong(batch, row, line, $"{name}…");
                string expected = first[row % first.Length] ??= rest;
                if (rest != expected || rest.Split(',')[2] != "ok")
                    throw Wrong(batch, row, line, expected);
            }
        }

        if (row != images)
            throw new InvalidDataException($"{batch}/{ResultFiles.Csv} has {row:N0} rows for {images:N0} images.");
    }

    private static InvalidDataException Wrong(string batch, int row, string found, string expected) =>
        new($"{batch}/{ResultFiles.Csv}, row {row + 1:N0}: found {found}, expected {expected}.");
}
