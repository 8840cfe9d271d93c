using System.Diagnostics;
using KeypointPipeline.Keypoints;
using Microsoft.ML.OnnxRuntime;
using ModelMetadata = KeypointPipeline.Models.ModelMetadata;

namespace KeypointPipeline.Bench.Inference;

/// <summary>Runs ONNX Runtime without the pipeline, in one of the ways to use a machine's processors.</summary>
internal sealed class RuntimeAlone : IDisposable
{
    private static readonly string[] InputNames = [ModelMetadata.InputName];
    private static readonly string[] OutputNames = [ModelMetadata.OutputName];

    private readonly KeypointSchema _schema;
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();

    /// <summary>Opens a model.</summary>
    /// <param name="path">The model file.</param>
    /// <param name="schema">Its frame.</param>
    /// <param name="batch">Images a run.</param>
    /// <param name="sideBySide">Runs at a time, which share the processors: as many as there are processors, or one.</param>
    public RuntimeAlone(string path, KeypointSchema schema, int batch, int sideBySide)
    {
        (_schema, Batch, SideBySide) = (schema, batch, sideBySide);
        using var options = new SessionOptions { IntraOpNumThreads = Environment.ProcessorCount / sideBySide };
        _session = new InferenceSession(path, options);
    }

    /// <summary>Images a run.</summary>
    public int Batch { get; }

    /// <summary>Runs at a time.</summary>
    public int SideBySide { get; }

    /// <summary>Predicts frames in whole batches and measures the rate.</summary>
    /// <returns>Images a second.</returns>
    public double Rate(byte[] frames, int images)
    {
        int runs = images / Batch;
        long start = Stopwatch.GetTimestamp();
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = SideBySide }, run =>
        {
            Memory<byte> some = frames.AsMemory(run * Batch * _schema.FrameSize, Batch * _schema.FrameSize);
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance, some, [Batch, _schema.FrameHeight, _schema.FrameWidth]);
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(_runOptions, InputNames, [input], OutputNames);
        });
        return runs * Batch / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }
}
