using Microsoft.ML.OnnxRuntime;

namespace KeypointPipeline.Onnx;

/// <summary>Opens ONNX files in ONNX Runtime.</summary>
internal static class OnnxSession
{
    /// <summary>Opens a file. A run of the session uses the calling thread alone; several threads can run it at once.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <exception cref="OnnxRuntimeException">The file is no usable model.</exception>
    public static InferenceSession Open(byte[] file)
    {
        OnnxTelemetry.Disable();
        using var settings = new SessionOptions
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
        return new InferenceSession(file, settings);
    }
}
