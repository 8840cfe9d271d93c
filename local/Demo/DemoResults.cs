using Azure.Storage.Blobs.Models;
using KeypointPipeline.Local.Demo.DrawnFaces;
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

    /// <summary>All images, including failed ones.</summary>
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

    /// <summary>Gets the mean distance between predicted and true keypoints, in percent of the distance between the true eye centres.</summary>
    public double ErrorAgainst(IReadOnlyList<DrawnFaceImage> truth)
    {
        Dictionary<string, DrawnFaceImage> byName = truth.ToDictionary(t => t.FileName, StringComparer.Ordinal);
        List<string> names = [.. DrawnFace.KeypointNames];
        int left = names.IndexOf("left_eye_center");
        int right = names.IndexOf("right_eye_center");
        var errors = new List<double>();
        foreach (PredictedKeypoints image in Images.Where(i => i.Keypoints is not null))
        {
            IReadOnlyList<SKPoint> points = byName[image.Image].Keypoints;
            double eyes = SKPoint.Distance(points[left], points[right]);
            for (int k = 0; k < names.Count; k++)
            {
                if (image.Point(names[k]) is SKPoint predicted)
                    errors.Add(SKPoint.Distance(predicted, points[k]) / eyes);
            }
        }

        return 100 * errors.Average();
    }
}

/// <summary>A line of <c>keypoints.jsonl</c>. Coordinates are in pixels of the upright original image.</summary>
public sealed record PredictedKeypoints(
    string Image, string Status, int? Width, int? Height, IReadOnlyDictionary<string, double[]?>? Keypoints, string? Error)
{
    /// <summary>Gets a keypoint. Returns null if the image has no prediction of it.</summary>
    public SKPoint? Point(string name) =>
        Keypoints?.GetValueOrDefault(name) is [double x, double y] ? new SKPoint((float)x, (float)y) : null;
}
