namespace KeypointPipeline.TrainerJob.Onnx;

/// <summary>An exported file is not what it was made from: it does not open, says something else of itself, or predicts something
/// else than the network.</summary>
/// <param name="message">What differs, and by how much.</param>
/// <param name="innerException">Why it does not open.</param>
public sealed class OnnxParityException(string message, Exception? innerException = null) : Exception(message, innerException);
