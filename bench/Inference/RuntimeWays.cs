using KeypointPipeline.Models;

namespace KeypointPipeline.Bench.Inference;

/// <summary>Compares numbers of images a run and of runs side by side: those of <see cref="KeypointModel"/> and alternatives.</summary>
internal static class RuntimeWays
{
    private const int Images = 1_024;
    private static readonly int[] Batches = [1, 4, KeypointModel.BatchSize, 64];

    /// <summary>Measures all ways in turn.</summary>
    /// <param name="path">The model file.</param>
    /// <param name="model">The same, opened.</param>
    /// <param name="frames">The frames of at least one image.</param>
    /// <param name="repetitions">Measurements of each way, after one to warm up.</param>
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
