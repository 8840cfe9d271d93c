namespace KeypointPipeline.TrainerJob.Onnx;

/// <summary>An exported file does not match the network: it does not open, or its metadata or predictions differ.</summary>
/// <param name="message">The difference and its size.</param>
/// <param name="innerException">Why the file does not open.</param>
public sealed class OnnxParityException(string message, Exception? innerException = null) : Exception(message, innerException);
