using KeypointPipeline.Models;

namespace KeypointPipeline.Bench.Inference;

/// <summary>How many images a run and how many runs side by side: what <see cref="KeypointModel"/> does, against its alternatives.</summary>
internal static class RuntimeWays
{
    private const int Images = 1_024;
    private static readonly int[] Batches = [1, 4, KeypointModel.BatchSize, 64];

    /// <summary>Measures all ways in turn.</summary>
    /// <param name="path">The model file.</param>
    /// <param name="model">The same, opened.</param>
    /// <param name="frames">At least one image's.</param>
    /// <param name="repetitions">How often, after once to warm up.</param>
    public static IEnumerable<BenchRow> Measure(string path, KeypointModel model, byte[] frames, int repetitions)
    {
        int images = Math.Min(Images, frames.Length / model.Schema.FrameSize);
        foreach (int batch in Batches.Where(batch => batch <= images))
        {
            foreach (int sideBySide in (IEnumerable<int>)[Environment.ProcessorCount, 1])
            {
                using var way = new RuntimeAlone(path, model.Schema, batch, sideBySide);
                way.Rate(frames, images);
                yield return BenchRow.Of(
                    $"ONNX Runtime, {batch} images a run, {(sideBySide == 1 ? "one run on all processors" : "a run on each processor")}",
                    "images/s",
                    [.. Enumerable.Range(0, repetitions).Select(_ => way.Rate(frames, images))]);
            }
        }
    }
}
