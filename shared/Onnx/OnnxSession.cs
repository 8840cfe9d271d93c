using Microsoft.ML.OnnxRuntime;

namespace KeypointPipeline.Onnx;

/// <summary>Opens ONNX files in ONNX Runtime.</summary>
internal static class OnnxSession
{
    private const string SharedMemory = "session.use_env_allocators";
    private const int ExtendAsRequested = 1;

    /// <summary>The memory of all sessions of one size. It grows by what their runs need at one time, not to powers of two.</summary>
    private static readonly Lazy<bool> SizedMemory = new(static () =>
    {
        using var limits = new OrtArenaCfg(maxMemory: 0, ExtendAsRequested, initialChunkSizeBytes: -1, maxDeadBytesPerChunk: -1);
        OrtEnv.Instance().CreateAndRegisterAllocator(OrtMemoryInfo.DefaultInstance, limits);
        return true;
    });

    /// <summary>Opens a file. A run of the session uses the calling thread alone; several threads can run it at once.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <exception cref="OnnxRuntimeException">The file is no usable model.</exception>
    public static InferenceSession Open(byte[] file)
    {
        using SessionOptions settings = Settings();
        return new InferenceSession(file, settings);
    }

    /// <summary>Opens a file for inputs of one size. If the size stayed open, runs would take a fifth longer: ONNX Runtime would not know which
    /// values can share memory. All these sessions together have one memory for their runs.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="sizes">The names of dimensions, and their sizes.</param>
    /// <exception cref="OnnxRuntimeException">The file is no usable model.</exception>
    public static InferenceSession OpenSized(byte[] file, params IEnumerable<(string Dimension, int Size)> sizes)
    {
        using SessionOptions settings = Settings();
        foreach ((string dimension, int size) in sizes)
            settings.AddFreeDimensionOverrideByName(dimension, size);
        if (SizedMemory.Value)
            settings.AddSessionConfigEntry(SharedMemory, "1");
        // Without a pattern, sessions of many sizes fill the memory that they share better. It saves no time.
        settings.EnableMemoryPattern = false;
        return new InferenceSession(file, settings);
    }

    private static SessionOptions Settings()
    {
        OnnxTelemetry.Disable();
        var settings = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            // It warns of initializers that nothing uses, on standard error.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // ExternalWeights cannot inspect ONNX Runtime's other format, flat buffers.
        settings.AddSessionConfigEntry("session.load_model_format", "ONNX");
        return settings;
    }
}
