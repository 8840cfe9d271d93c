using KeypointPipeline.Onnx.Format;
using KeypointPipeline.TrainerJob.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Onnx;

/// <summary>Runs hand-made graphs in ONNX Runtime with every optimisation on.</summary>
internal static class OnnxGraphRunner
{
    /// <summary>A graph with one float input <c>x</c> and what <paramref name="layers"/> makes of it.</summary>
    public static GraphProto Graph(long[] inputShape, Func<OnnxGraphBuilder, OnnxValue, OnnxValue> layers)
    {
        var builder = new OnnxGraphBuilder("test", "A graph made by a test.");
        OnnxValue x = builder.Input("x", TensorProto.Types.DataType.Float, inputShape, "");
        builder.Output(layers(builder, x), "");
        return builder.Build();
    }

    public static DenseTensor<float> Run<T>(GraphProto graph, T[] input, params int[] shape)
    {
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL, IntraOpNumThreads = 1 };
        using var session = new InferenceSession(OnnxModel.Serialize(graph, [], ""), options);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run(
            [NamedOnnxValue.CreateFromTensor(session.InputNames[0], new DenseTensor<T>(input, shape))]);
        DenseTensor<float> output = Assert.Single(results).AsTensor<float>().ToDenseTensor();
        AssertShapeAsNoted(graph, output.Dimensions, shape[0]);
        return output;
    }

    private static void AssertShapeAsNoted(GraphProto graph, ReadOnlySpan<int> actual, int batch)
    {
        IEnumerable<int> noted = graph.Output[0].Type.TensorType.Shape.Dim.Select(d => d.HasDimValue ? (int)d.DimValue : batch);
        Assert.Equal(noted, actual.ToArray());
    }
}
