using System.Runtime.InteropServices;
using KeypointPipeline.Keypoints;
using Microsoft.ML.OnnxRuntime;
using ModelMetadata = KeypointPipeline.Models.ModelMetadata;

namespace KeypointPipeline.Inference;

/// <summary>A trained model, opened for prediction: one ONNX Runtime session. Safe to call from several threads; calls are
/// served one at a time, each on all of the model's threads.</summary>
/// <remarks>Every run of the session has the same shape, <see cref="BatchSize"/> images, the last one filled up with black: ONNX
/// Runtime chooses its kernels by shape, so that the same image could otherwise differ in its last bits between a full and a
/// short batch. Input and outputs live in pinned arrays that every call reuses.</remarks>
public sealed class KeypointModel : IDisposable
{
    /// <summary>Images per run of the session.</summary>
    public const int BatchSize = 16;

    private static readonly string[] InputNames = [ModelMetadata.InputName];

    private readonly Lock _running = new();
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly byte[] _input;
    private readonly float[] _keypoints;
    private readonly float[] _uncertainties;
    private readonly OrtValue[] _inputValues;
    private readonly string[] _outputNames;
    private readonly OrtValue[] _outputValues;

    private KeypointModel(InferenceSession session)
    {
        _session = session;
        Metadata = ModelMetadata.Read(session);
        HasUncertainty = session.OutputMetadata.ContainsKey(ModelMetadata.UncertaintyName);
        _input = GC.AllocateArray<byte>(BatchSize * Schema.FrameSize, pinned: true);
        _keypoints = GC.AllocateArray<float>(BatchSize * Schema.Count * 2, pinned: true);
        _uncertainties = GC.AllocateArray<float>(HasUncertainty ? BatchSize * Schema.Count : 0, pinned: true);
        _inputValues = [Tensor(_input, [BatchSize, Schema.FrameHeight, Schema.FrameWidth])];
        OrtValue keypoints = Tensor(_keypoints, [BatchSize, Schema.Count, 2]);
        _outputNames = HasUncertainty ? [ModelMetadata.OutputName, ModelMetadata.UncertaintyName] : [ModelMetadata.OutputName];
        _outputValues = HasUncertainty ? [keypoints, Tensor(_uncertainties, [BatchSize, Schema.Count])] : [keypoints];
    }

    /// <summary>What the model file says of itself.</summary>
    public ModelMetadata Metadata { get; }

    /// <summary>Whether the model says how far off it expects each keypoint to be.</summary>
    public bool HasUncertainty { get; }

    /// <summary>The model's keypoints and frame.</summary>
    public KeypointSchema Schema => Metadata.Schema;

    /// <summary>Opens a model file.</summary>
    /// <exception cref="InvalidDataException">The file is not a model of this pipeline; the message names it and says why.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static KeypointModel Open(string path, KeypointModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no model at {path}.", path);
        return Open(path, options, settings => new InferenceSession(path, settings));
    }

    /// <summary>Opens a model from its bytes.</summary>
    /// <param name="model">The content of a <c>model.onnx</c>.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="options">How it runs.</param>
    /// <exception cref="InvalidDataException">The bytes are not a model of this pipeline; the message says why.</exception>
    public static KeypointModel Open(byte[] model, string name, KeypointModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Open(name, options, settings => new InferenceSession(model, settings));
    }

    /// <summary>Predicts keypoints.</summary>
    /// <param name="images"><paramref name="count"/> grey images of the frame's size, H·W bytes each, one after the other.</param>
    /// <param name="count">How many, at least 0.</param>
    /// <param name="keypoints">Receives count·K·2 coordinates (x, y of each keypoint), frame pixels.</param>
    /// <param name="uncertainties">Empty, or receives count·K expected errors: root mean square per coordinate, frame pixels. Only
    /// of a model that <see cref="HasUncertainty"/>.</param>
    /// <exception cref="ArgumentException">A span does not have the size that <paramref name="count"/> asks for, or the model has
    /// no uncertainty.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void Predict(ReadOnlySpan<byte> images, int count, Span<float> keypoints, Span<float> uncertainties = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int perImage = Schema.Count * 2;
        if (images.Length != (long)count * Schema.FrameSize)
            throw new ArgumentException($"{count} images of {Schema} need {(long)count * Schema.FrameSize} bytes, not {images.Length}.", nameof(images));
        if (keypoints.Length != (long)count * perImage)
            throw new ArgumentException($"{count} images of {Schema} give {(long)count * perImage} coordinates, not {keypoints.Length}.", nameof(keypoints));
        if (!uncertainties.IsEmpty && !HasUncertainty)
            throw new ArgumentException("The model has no uncertainty: leave the span empty.", nameof(uncertainties));
        if (!uncertainties.IsEmpty && uncertainties.Length != (long)count * Schema.Count)
            throw new ArgumentException($"{count} images of {Schema} give {(long)count * Schema.Count} uncertainties, not {uncertainties.Length}.", nameof(uncertainties));

        lock (_running)
        {
            for (int start = 0; start < count; start += BatchSize)
            {
                int size = Math.Min(BatchSize, count - start);
                images.Slice(start * Schema.FrameSize, size * Schema.FrameSize).CopyTo(_input);
                _input.AsSpan(size * Schema.FrameSize).Clear();
                _session.Run(_runOptions, InputNames, _inputValues, _outputNames, _outputValues);
                _keypoints.AsSpan(0, size * perImage).CopyTo(keypoints[(start * perImage)..]);
                if (!uncertainties.IsEmpty)
                    _uncertainties.AsSpan(0, size * Schema.Count).CopyTo(uncertainties[(start * Schema.Count)..]);
            }
        }
    }

    /// <summary>Closes the session.</summary>
    public void Dispose()
    {
        foreach (OrtValue value in _inputValues.Concat(_outputValues))
            value.Dispose();
        _runOptions.Dispose();
        _session.Dispose();
    }

    private static KeypointModel Open(string name, KeypointModelOptions? options, Func<SessionOptions, InferenceSession> open)
    {
        options ??= new KeypointModelOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads, nameof(options));
        using var settings = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = options.Threads == 0 ? Environment.ProcessorCount : options.Threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
        };
        // Idle threads of the session would otherwise spin on the cores that decode the next images.
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        InferenceSession? session = null;
        try
        {
            session = open(settings);
            return new KeypointModel(session);
        }
        catch (Exception e) when (e is OnnxRuntimeException or InvalidDataException)
        {
            session?.Dispose();
            throw new InvalidDataException($"{name} cannot be used as a model: {e.Message}", e);
        }
    }

    private static OrtValue Tensor<T>(T[] pinned, long[] shape)
        where T : unmanaged =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, MemoryMarshal.CreateFromPinnedArray(pinned, 0, pinned.Length), shape);
}
