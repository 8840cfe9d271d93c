using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace KeypointPipeline.Models;

/// <summary>Room for one run of a session at a time: input and outputs lie in pinned arrays that every run reuses.</summary>
/// <remarks>Every run has the same shape, <see cref="KeypointModel.BatchSize"/> images, the last ones filled up with black: ONNX Runtime
/// chooses its kernels by shape, so that the same image could otherwise differ in its last bits between a full and a short
/// batch.</remarks>
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

    /// <summary>Makes room.</summary>
    /// <param name="session">Stays the caller's; may have other lanes, which may run at the same time.</param>
    /// <param name="metadata">What the session's model says of itself.</param>
    /// <param name="hasUncertainty">Whether the model has the second output.</param>
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

    /// <summary>Predicts at most a batch; the spans' lengths say how many.</summary>
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
