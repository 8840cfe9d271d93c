using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Onnx;

/// <summary>Reads numbers from tensors.</summary>
internal static class TensorReading
{
    /// <summary>All elements, row-major, rounded to float.</summary>
    public static float[] ToFloats(this Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        return tensor.detach().to_type(ScalarType.Float32).contiguous().data<float>().ToArray();
    }
}
