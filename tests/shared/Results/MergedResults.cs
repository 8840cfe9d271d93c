using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Results;
using KeypointPipeline.Results.Overlays;
using KeypointPipeline.Shared.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Results;

/// <summary>Merges given results as a batch does.</summary>
internal static class MergedResults
{
    public static readonly KeypointSchema Schema = new(["left_eye", "right_eye", "nose"], 16, 16);
    public static readonly DateTimeOffset Start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public static Task<string> ReadAsync(string folder, string name) =>
        File.ReadAllTextAsync(Path.Combine(folder, name), TestContext.Current.CancellationToken);

    public static Task<BatchSummary> MergeAsync(string folder, params ImageResult[][] chunks) => MergeAsync(folder, LabelGaps.None, chunks);

    public static async Task<BatchSummary> MergeAsync(string folder, LabelGaps gaps, params ImageResult[][] chunks)
    {
        var store = new FolderResultStore(folder);
        var sample = new OverlaySample(chunks.Sum(c => c.Length));
        var files = new List<byte[]>();
        int index = 0;
        foreach (ImageResult[] chunk in chunks)
        {
            using var lines = new MemoryStream();
            var writer = new ChunkWriter(lines, store, Schema, sample);
            foreach (ImageResult result in chunk)
            {
                using var image = new PredictedImage(index++, [result], result.Succeeded ? Draw(result) : null);
                await writer.WriteAsync(image, TestContext.Current.CancellationToken);
            }

            Assert.Equal(chunk.Length, writer.Totals.Succeeded + writer.Totals.Failed);
            files.Add(lines.ToArray());
        }

        return await MergeChunksAsync(folder, gaps, files);
    }

    private static Picture Draw(ImageResult result) => new ImageDecoder().DecodePicture(
        TestImages.Encode(result.Width!.Value, result.Height!.Value, (x, y) => new SKColor(120, 120, 120), SKEncodedImageFormat.Png),
        ImageSetPredictor.SmallestPicture,
        ImageSetPredictor.LargestPicture);

    public static Task<BatchSummary> MergeChunksAsync(string folder, LabelGaps gaps, IEnumerable<byte[]> chunks)
    {
        var time = new FakeTimeProvider(Start.AddSeconds(2.5));
        return new ResultsMerger(new FolderResultStore(folder), time).MergeAsync(
            new BatchRun("holiday <1>", "20261123-1", Schema, Start, gaps),
            chunks.Select(c => new Func<CancellationToken, Task<Stream>>(_ => Task.FromResult<Stream>(new MemoryStream(c)))),
            TestContext.Current.CancellationToken);
    }
}
