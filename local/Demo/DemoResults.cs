using Azure.Storage.Blobs.Models;
using KeypointPipeline.Results;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using SkiaSharp;

namespace KeypointPipeline.Local.Demo;

/// <summary>Results of a batch, downloaded from storage into a folder.</summary>
public sealed class DemoResults
{
    private readonly string _folder;

    private DemoResults(string folder, BatchSummary summary, IReadOnlyList<PredictedKeypoints> images)
    {
        _folder = folder;
        Summary = summary;
        Images = images;
    }

    /// <summary>Counts and model version of the batch.</summary>
    public BatchSummary Summary { get; }

    /// <summary>All faces, and the images that failed.</summary>
    public IReadOnlyList<PredictedKeypoints> Images { get; }

    /// <summary>Gets the path of a result file.</summary>
    public string File(string name) => Path.Combine(_folder, name);

    /// <summary>Downloads everything below <c>results/{batch}/</c>.</summary>
    public static async Task<DemoResults> DownloadAsync(
        PipelineStorage storage, string batch, string folder, CancellationToken cancellationToken)
    {
        string prefix = $"{batch}/";
        await foreach (BlobItem blob in storage.ListAsync(BlobLayout.Results, prefix, cancellationToken))
        {
            string path = LocalPath.Below(folder, blob.Name[prefix.Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var response = await storage.Blob(BlobLayout.Results, blob.Name).DownloadToAsync(path, cancellationToken);
        }

        var summary = PipelineJson.Read<BatchSummary>(
            await System.IO.File.ReadAllTextAsync(Path.Combine(folder, ResultFiles.Summary), cancellationToken));
        string[] lines = await System.IO.File.ReadAllLinesAsync(Path.Combine(folder, ResultFiles.JsonLines), cancellationToken);
        return new DemoResults(folder, summary, [.. lines.Select(PipelineJson.Read<PredictedKeypoints>)]);
    }
}

/// <summary>A line of <c>keypoints.jsonl</c>: a face, or an image that failed. Coordinates are in pixels of the upright original
/// image.</summary>
/// <param name="Image">Name of the image.</param>
/// <param name="Status">Whether the points can be trusted, or that the image failed (<c>docs/results.md</c>).</param>
/// <param name="Width">Width of the image; null if it failed.</param>
/// <param name="Height">Height of the image; null if it failed.</param>
/// <param name="Keypoints">x and y of each keypoint by name; null if the image failed.</param>
/// <param name="Error">Why the image failed, or null.</param>
/// <param name="Box">Left, top, width and height of the square that was predicted; null if it was the whole image.</param>
/// <param name="Angle">Rotation of the box around its centre, degrees clockwise.</param>
public sealed record PredictedKeypoints(
    string Image,
    string Status,
    int? Width,
    int? Height,
    IReadOnlyDictionary<string, double[]?>? Keypoints,
    string? Error,
    double[]? Box = null,
    double? Angle = null)
{
    /// <summary>Gets a keypoint. Returns null if the image has no prediction of it.</summary>
    public SKPoint? Point(string name) =>
        Keypoints?.GetValueOrDefault(name) is [double x, double y] ? new SKPoint((float)x, (float)y) : null;
}
