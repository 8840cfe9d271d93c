using System.Globalization;
using KeypointPipeline.Keypoints;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Memory;

/// <summary>Refuses a training that will not fit into memory before it starts. Otherwise the system kills it, often hours later.</summary>
internal static class MemoryCheck
{
    private const int SmallestSide = 16;

    /// <summary>Compares the estimate of a training with the memory that it may use.</summary>
    /// <param name="shape">The training.</param>
    /// <param name="available">The memory that it may use; null if that is not known.</param>
    /// <exception cref="DoesNotFitException">It does not fit.</exception>
    public static void Require(TrainingShape shape, AvailableMemory? available)
    {
        var memory = TrainingMemory.Estimate(shape);
        if (Fits(memory, available))
            return;
        string problem = memory.Checkpoint > TrainingMemory.LargestCheckpoint
            ? $"A training of {shape.Network} on {Frame(shape.Schema)} frames has {memory.Parameters:N0} weights. Their checkpoint would have "
                + $"{Size(memory.Checkpoint)}, and the trainer can write {Size(TrainingMemory.LargestCheckpoint)}"
            : $"The training does not fit into memory: {Describe(memory, shape)}";
        string limit = available is not null && memory.Total > available.Bytes
            ? $". It needs about {Size(memory.Total)}; {Limit(available)}"
            : "";
        throw new DoesNotFitException(
            $"{problem}{limit}. {Advice(shape, available)}", repeats: memory.Checkpoint > TrainingMemory.LargestCheckpoint);
    }

    private static bool Fits(TrainingMemory memory, AvailableMemory? available) =>
        memory.Checkpoint <= TrainingMemory.LargestCheckpoint && !(memory.Total > available?.Bytes);

    private static bool Fits(TrainingShape shape, AvailableMemory? available) => Fits(TrainingMemory.Estimate(shape), available);

    private static string Describe(TrainingMemory memory, TrainingShape shape) =>
        $"{shape.Network}, {Frame(shape.Schema)} frames, {shape.TrainingRows + shape.ValidationRows:N0} rows, {shape.BatchSize:N0} images a step "
        + $"(weights and optimizer {Size(memory.Weights)}, a step {Size(memory.Step)}, checkpoint {Size(memory.Checkpoint)}, rows {Size(memory.Rows)}, program {Size(memory.Program)})";

    private static string Limit(AvailableMemory available) => available.Where == TrainerVariables.Memory
        ? $"{available.Where} allows {Size(available.Bytes)}"
        : $"{available.Where} has {Size(available.Bytes)} available";

    private static string Advice(TrainingShape shape, AvailableMemory? available)
    {
        var advice = new List<string>();
        if (LargestBatch(shape, available) is int batch)
            advice.Add($"a batch size of {batch:N0} (--batch-size {batch}, or batchSize in the settings of POST /api/retrain)");
        string[] networks =
        [
            .. NetworkRegistry.All.Select(network => network.Name)
                .Where(network => network != shape.Network && Fits(shape with { Network = network }, available)),
        ];
        if (networks.Length > 0)
            advice.Add($"another network ({string.Join(" or ", networks)})");
        if (LargestFrame(shape, available) is KeypointSchema smaller)
            advice.Add($"frames of {Frame(smaller)}");
        string rest = available is null ? "" : $" {TrainerVariables.Memory} states another limit, or '{MemoryLimit.Any}' for none.";
        return (advice.Count == 0 ? "Use a machine with more memory." : $"This would fit: {string.Join("; ", advice)}.") + rest;
    }

    /// <summary>The largest power of two that fits and is smaller than the batch size.</summary>
    private static int? LargestBatch(TrainingShape shape, AvailableMemory? available)
    {
        for (int batch = 2048; batch >= 1; batch /= 2)
        {
            if (batch < shape.BatchSize && Fits(shape with { BatchSize = batch }, available))
                return batch;
        }

        return null;
    }

    /// <summary>The largest of the halved, quartered, … frames that fits.</summary>
    private static KeypointSchema? LargestFrame(TrainingShape shape, AvailableMemory? available)
    {
        KeypointSchema schema = shape.Schema;
        for (int part = 2; Math.Min(schema.FrameWidth, schema.FrameHeight) / part >= SmallestSide; part *= 2)
        {
            var smaller = new KeypointSchema(schema.Names, schema.FrameWidth / part, schema.FrameHeight / part, schema.Mirror);
            if (Fits(shape with { Schema = smaller }, available))
                return smaller;
        }

        return null;
    }

    private static string Frame(KeypointSchema schema) => $"{schema.FrameWidth}×{schema.FrameHeight}";

    private static string Size(long bytes) => bytes < 1_000_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N0} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:N1} GB");
}
