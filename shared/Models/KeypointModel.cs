using System.Collections.Concurrent;
using System.Diagnostics;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace KeypointPipeline.Models;

/// <summary>A trained model, opened for prediction: one ONNX Runtime session. Safe to call from several threads. Up to
/// <see cref="Threads"/> runs execute in parallel, each on one thread; further runs wait.</summary>
/// <remarks>Parallel runs on one thread each predict more images a second than successive runs on all threads, because no operator waits
/// for its slowest part. See <c>docs/performance.md</c>.</remarks>
public sealed class KeypointModel : IDisposable
{
    /// <summary>Images per run of the session.</summary>
    public const int BatchSize = 16;

    /// <summary>Size limit of a model file in bytes: a hundred times the largest network that this pipeline trains.</summary>
    public const int LargestFile = 1 << 30;

    private readonly InferenceSession _session;
    private readonly ConcurrentBag<ModelLane> _idle;
    private readonly SemaphoreSlim _free;
    private bool _isDisposed;

    private KeypointModel(InferenceSession session, int threads)
    {
        _session = session;
        Threads = threads;
        Metadata = ModelMetadata.Read(session);
        HasUncertainty = session.OutputMetadata.ContainsKey(ModelMetadata.UncertaintyName);
        _idle = [.. Enumerable.Range(0, threads).Select(_ => new ModelLane(session, Metadata, HasUncertainty))];
        _free = new SemaphoreSlim(threads);
    }

    /// <summary>Number of runs that execute in parallel.</summary>
    public int Threads { get; }

    /// <summary>Metadata of the model file.</summary>
    public ModelMetadata Metadata { get; }

    /// <summary>Whether the model predicts the expected error of each keypoint.</summary>
    public bool HasUncertainty { get; }

    /// <summary>The model's keypoints and frame.</summary>
    public KeypointSchema Schema => Metadata.Schema;

    /// <summary>Opens a model file.</summary>
    /// <exception cref="InvalidDataException">The file is not a model of this pipeline; the message names it and says why.</exception>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    public static KeypointModel Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no model at {path}.", path);
        long bytes = new FileInfo(path).Length;
        return bytes <= LargestFile
            ? Open(File.ReadAllBytes(path), path)
            : throw new InvalidDataException($"{path} cannot be used as a model: it has {bytes:N0} bytes; at most {LargestFile:N0} are read.");
    }

    /// <summary>Opens a model from its bytes.</summary>
    /// <param name="model">The content of a <c>model.onnx</c>.</param>
    /// <param name="name">The model's name in messages.</param>
    /// <exception cref="InvalidDataException">The bytes are not a model of this pipeline; the message says why.</exception>
    public static KeypointModel Open(byte[] model, string name) => Open(model, name, Environment.ProcessorCount);

    /// <summary>Opens a model from its bytes for the given number of threads. The number does not change the predictions.</summary>
    internal static KeypointModel Open(byte[] model, string name, int threads)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (ExternalWeights.AnyIn(model))
            throw new InvalidDataException($"{name} cannot be used as a model: it keeps weights in other files. Save the model with its weights as one file.");
        try
        {
            return Open(model, threads);
        }
        catch (Exception e) when (e is OnnxRuntimeException or InvalidDataException)
        {
            throw new InvalidDataException($"{name} cannot be used as a model: {e.Message}", e);
        }
    }

    /// <summary>Predicts keypoints. Uses several threads for more than <see cref="BatchSize"/> images.</summary>
    /// <param name="images"><paramref name="count"/> grey images of the frame's size, H·W bytes each, one after the other.</param>
    /// <param name="count">Number of images, at least 0.</param>
    /// <param name="keypoints">Receives count·K·2 coordinates (x, y of each keypoint) in frame pixels.</param>
    /// <param name="uncertainties">Empty, or receives count·K expected errors: root mean square per coordinate, in frame pixels. Must be
    /// empty unless the model <see cref="HasUncertainty"/>.</param>
    /// <exception cref="ArgumentException">The length of a buffer does not match <paramref name="count"/>, or the model gives no
    /// uncertainty.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void Predict(ReadOnlyMemory<byte> images, int count, Memory<float> keypoints, Memory<float> uncertainties = default)
    {
        Check(images, count, keypoints, uncertainties);
        Parallel.For(0, (count + BatchSize - 1) / BatchSize, new ParallelOptions { MaxDegreeOfParallelism = Threads }, batch =>
        {
            _free.Wait();
            int start = batch * BatchSize;
            int size = Math.Min(BatchSize, count - start);
            Run(
                images.Slice(start * Schema.FrameSize, size * Schema.FrameSize),
                keypoints.Slice(start * Schema.Count * 2, size * Schema.Count * 2),
                uncertainties.IsEmpty ? uncertainties : uncertainties.Slice(start * Schema.Count, size * Schema.Count));
        });
    }

    /// <summary>Predicts keypoints of at most <see cref="BatchSize"/> images on a thread of the pool, once fewer than
    /// <see cref="Threads"/> runs execute.</summary>
    /// <param name="images">As in <see cref="Predict"/>.</param>
    /// <param name="count">Number of images, 0 to <see cref="BatchSize"/>.</param>
    /// <param name="keypoints">As in <see cref="Predict"/>.</param>
    /// <param name="uncertainties">As in <see cref="Predict"/>.</param>
    /// <param name="cancellationToken">Cancels the wait, but not a run that has started.</param>
    /// <exception cref="ArgumentException">As in <see cref="Predict"/>, or <paramref name="count"/> exceeds
    /// <see cref="BatchSize"/>.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public async Task PredictBatchAsync(
        ReadOnlyMemory<byte> images, int count, Memory<float> keypoints, Memory<float> uncertainties, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, BatchSize);
        Check(images, count, keypoints, uncertainties);
        if (count == 0)
            return;
        await _free.WaitAsync(cancellationToken);
        await Task.Run(() => Run(images, keypoints, uncertainties), CancellationToken.None);
    }

    /// <summary>Closes the session.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        foreach (ModelLane lane in _idle)
            lane.Dispose();
        _free.Dispose();
        _session.Dispose();
    }

    /// <summary>Runs the session once. The caller has taken one of the free places; this method gives it back.</summary>
    private void Run(ReadOnlyMemory<byte> images, Memory<float> keypoints, Memory<float> uncertainties)
    {
        if (!_idle.TryTake(out ModelLane? lane))
            throw new UnreachableException("There are as many lanes as free places.");
        try
        {
            lane.Run(images.Span, keypoints.Span, uncertainties.Span);
        }
        finally
        {
            _idle.Add(lane);
            _free.Release();
        }
    }

    private void Check(ReadOnlyMemory<byte> images, int count, Memory<float> keypoints, Memory<float> uncertainties)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (images.Length != (long)count * Schema.FrameSize)
            throw new ArgumentException($"{count} images of {Schema} need {(long)count * Schema.FrameSize} bytes, not {images.Length}.", nameof(images));
        if (keypoints.Length != (long)count * Schema.Count * 2)
            throw new ArgumentException($"{count} images of {Schema} give {(long)count * Schema.Count * 2} coordinates, not {keypoints.Length}.", nameof(keypoints));
        if (!uncertainties.IsEmpty && !HasUncertainty)
            throw new ArgumentException("The model gives no uncertainty. Pass an empty buffer.", nameof(uncertainties));
        if (!uncertainties.IsEmpty && uncertainties.Length != (long)count * Schema.Count)
            throw new ArgumentException($"{count} images of {Schema} give {(long)count * Schema.Count} uncertainties, not {uncertainties.Length}.", nameof(uncertainties));
    }

    private static KeypointModel Open(byte[] file, int threads)
    {
        KeypointModel? model = null;
        InferenceSession session = OnnxSession.Open(file);
        try
        {
            model = new KeypointModel(session, threads);
            // Only a run shows whether the graph computes what it declares.
            model.PredictBlank();
            return model;
        }
        catch
        {
            if (model is null)
                session.Dispose();
            else
                model.Dispose();
            throw;
        }
    }

    private void PredictBlank()
    {
        _free.Wait();
        Run(default, default, default);
    }
}
