using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace KeypointPipeline.Models;

/// <summary>Buffers for one run of a session at a time. Input and outputs are pinned arrays that every run reuses.</summary>
/// <remarks>Every run has the same shape, <see cref="KeypointModel.BatchSize"/> images. Black images fill up a short batch. ONNX Runtime
/// chooses its kernels by shape, so the same image could otherwise give different last bits in a full and in a short batch.</remarks>
internal sealed class ModelLane : IDisposable
{
    private static readonly string[] InputNames = [ModelMetadata.InputName];

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly byte[] _input;
    private readonly float[] _keypoints;
    private readonly float[] _uncertainties;
    private readonly OrtValue[] _inputValues;
    private readonly string[] _outputNames;
    private readonly OrtValue[] _outputValues;

    /// <summary>Allocates the buffers.</summary>
    /// <param name="session">The session. The caller disposes it. It may have other lanes, which may run at the same time.</param>
    /// <param name="metadata">Metadata of the session's model.</param>
    /// <param name="hasUncertainty">Whether the model has the second output, <see cref="ModelMetadata.UncertaintyName"/>.</param>
    public ModelLane(InferenceSession session, ModelMetadata metadata, bool hasUncertainty)
    {
        _session = session;
        const int Images = KeypointModel.BatchSize;
        _input = GC.AllocateArray<byte>(Images * metadata.Schema.FrameSize, pinned: true);
        _keypoints = GC.AllocateArray<float>(Images * metadata.Schema.Count * 2, pinned: true);
        _uncertainties = GC.AllocateArray<float>(hasUncertainty ? Images * metadata.Schema.Count : 0, pinned: true);
        _inputValues = [Tensor(_input, [Images, metadata.Schema.FrameHeight, metadata.Schema.FrameWidth])];
        OrtValue keypoints = Tensor(_keypoints, [Images, metadata.Schema.Count, 2]);
        _outputNames = hasUncertainty ? [ModelMetadata.OutputName, ModelMetadata.UncertaintyName] : [ModelMetadata.OutputName];
        _outputValues = hasUncertainty ? [keypoints, Tensor(_uncertainties, [Images, metadata.Schema.Count])] : [keypoints];
    }

    /// <summary>Predicts at most one batch. The lengths of the spans give the number of images.</summary>
    public void Run(ReadOnlySpan<byte> images, Span<float> keypoints, Span<float> uncertainties)
    {
        images.CopyTo(_input);
        _input.AsSpan(images.Length).Clear();
        _session.Run(_runOptions, InputNames, _inputValues, _outputNames, _outputValues);
        _keypoints.AsSpan(0, keypoints.Length).CopyTo(keypoints);
        _uncertainties.AsSpan(0, uncertainties.Length).CopyTo(uncertainties);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (OrtValue value in _inputValues.Concat(_outputValues))
            value.Dispose();
        _runOptions.Dispose();
    }

    private static OrtValue Tensor<T>(T[] pinned, long[] shape)
        where T : unmanaged =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, MemoryMarshal.CreateFromPinnedArray(pinned, 0, pinned.Length), shape);
}
