using KeypointPipeline.TrainerJob.Onnx;
using KeypointPipeline.TrainerJob.Onnx.Format;
using Microsoft.ML.OnnxRuntime.Tensors;
using Xunit;
using static KeypointPipeline.TrainerJob.Onnx.OnnxValue;

namespace KeypointPipeline.TrainerJob.Tests.Onnx;

public sealed class OnnxOperatorsTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, 0, 5, 4)]
    [InlineData(3, 2, 3, 1, 1, 7, 9)]
    [InlineData(2, 5, 3, 2, 1, 8, 8)]
    [InlineData(2, 5, 3, 2, 1, 9, 7)]
    [InlineData(4, 3, 5, 3, 2, 11, 16)]
    [InlineData(3, 4, 1, 2, 0, 6, 5)]
    public void Convolution_is_the_sum_over_the_window(int inChannels, int outChannels, int kernel, int stride, int padding, int height, int width)
    {
        var random = new Random(1);
        float[] input = Noise(random, 2 * inChannels * height * width);
        float[] weight = Noise(random, outChannels * inChannels * kernel * kernel);
        float[] bias = Noise(random, outChannels);
        GraphProto graph = OnnxGraphRunner.Graph([AnyBatch, inChannels, height, width], (g, x) => g.Conv(
            "conv", x, g.Constant("weight", weight, outChannels, inChannels, kernel, kernel), g.Constant("bias", bias, outChannels), stride, padding));

        DenseTensor<float> output = OnnxGraphRunner.Run(graph, input, 2, inChannels, height, width);

        var source = new DenseTensor<float>(input, [2, inChannels, height, width]);
        foreach ((int n, int o, int y, int x) in Positions(output))
        {
            double expected = bias[o];
            for (int c = 0; c < inChannels; c++)
                for (int i = 0; i < kernel; i++)
                    for (int j = 0; j < kernel; j++)
                    {
                        int row = (y * stride) - padding + i;
                        int column = (x * stride) - padding + j;
                        if (row >= 0 && row < height && column >= 0 && column < width)
                            expected += (double)source[n, c, row, column] * weight[(((((o * inChannels) + c) * kernel) + i) * kernel) + j];
                    }

            Assert.Equal(expected, output[n, o, y, x], 1e-4);
        }
    }

    [Theory]
    [InlineData(2, 2, 0, 6, 8)]
    [InlineData(2, 2, 0, 7, 5)]
    [InlineData(3, 2, 1, 9, 6)]
    [InlineData(3, 1, 1, 4, 4)]
    public void Maximum_pooling_is_the_largest_under_the_window(int window, int stride, int padding, int height, int width)
    {
        float[] input = Noise(new Random(2), 3 * 2 * height * width);
        GraphProto graph = OnnxGraphRunner.Graph([AnyBatch, 2, height, width], (g, x) => g.MaxPool("pool", x, window, stride, padding));

        DenseTensor<float> output = OnnxGraphRunner.Run(graph, input, 3, 2, height, width);

        var source = new DenseTensor<float>(input, [3, 2, height, width]);
        foreach ((int n, int c, int y, int x) in Positions(output))
        {
            float expected = float.NegativeInfinity;
            for (int row = Math.Max(0, (y * stride) - padding); row < Math.Min(height, (y * stride) - padding + window); row++)
                for (int column = Math.Max(0, (x * stride) - padding); column < Math.Min(width, (x * stride) - padding + window); column++)
                    expected = Math.Max(expected, source[n, c, row, column]);
            Assert.Equal(expected, output[n, c, y, x]);
        }
    }

    [Fact]
    public void Global_average_pooling_then_flatten_is_the_mean_of_each_channel()
    {
        float[] input = Noise(new Random(3), 2 * 3 * 5 * 7);
        GraphProto graph = OnnxGraphRunner.Graph([AnyBatch, 3, 5, 7], (g, x) => g.Flatten("flat", g.GlobalAveragePool("mean", x)));

        DenseTensor<float> output = OnnxGraphRunner.Run(graph, input, 2, 3, 5, 7);

        for (int i = 0; i < 6; i++)
            Assert.Equal(input.AsSpan(i * 35, 35).ToArray().Average(), output.GetValue(i), 1e-5);
    }

    [Fact]
    public void A_fully_connected_layer_is_the_product_with_the_rows_of_its_weight()
    {
        var random = new Random(4);
        float[] input = Noise(random, 3 * 11);
        float[] weight = Noise(random, 5 * 11);
        float[] bias = Noise(random, 5);
        GraphProto graph = OnnxGraphRunner.Graph([AnyBatch, 11], (g, x) => g.Gemm("fc", x, g.Constant("w", weight, 5, 11), g.Constant("b", bias, 5)));

        DenseTensor<float> output = OnnxGraphRunner.Run(graph, input, 3, 11);

        for (int n = 0; n < 3; n++)
            for (int o = 0; o < 5; o++)
            {
                double expected = bias[o] + Enumerable.Range(0, 11).Sum(i => (double)input[(n * 11) + i] * weight[(o * 11) + i]);
                Assert.Equal(expected, output[n, o], 1e-4);
            }
    }

    [Fact]
    public void Sums_and_products_repeat_the_smaller_operand()
    {
        float[] input = Noise(new Random(5), 2 * 3 * 2);
        GraphProto graph = OnnxGraphRunner.Graph([AnyBatch, 3, 2], (g, x) =>
            g.Add("sum", g.Mul("scaled", x, g.Constant("scale", [10f, 100f], 2)), g.Constant("shift", [1f, 2f, 3f], 3, 1)));

        DenseTensor<float> output = OnnxGraphRunner.Run(graph, input, 2, 3, 2);

        for (int i = 0; i < input.Length; i++)
            Assert.Equal((input[i] * (i % 2 == 0 ? 10 : 100)) + (i / 2 % 3) + 1, output.GetValue(i), 1e-4);
    }

    [Fact]
    public void Bytes_become_floats_with_a_channel_and_negatives_become_zero()
    {
        var builder = new OnnxGraphBuilder("test", "");
        OnnxValue bytes = builder.Input("x", TensorProto.Types.DataType.Uint8, [AnyBatch, 2, 2], "");
        OnnxValue x = builder.Unsqueeze("channel", builder.Cast("float", bytes, TensorProto.Types.DataType.Float), 1);
        builder.Output(builder.Relu("relu", builder.Add("shift", x, builder.Constant("minus", [-100f], 1))), "");

        DenseTensor<float> output = OnnxGraphRunner.Run(builder.Build(), new byte[] { 0, 99, 101, 255 }, 1, 2, 2);

        Assert.Equal([1, 1, 2, 2], output.Dimensions.ToArray());
        Assert.Equal([0f, 0f, 1f, 155f], output.ToArray());
    }

    [Fact]
    public void Reshape_keeps_the_order_of_the_elements()
    {
        GraphProto graph = OnnxGraphRunner.Graph([AnyBatch, 6], (g, x) => g.Reshape("pairs", x, AnyBatch, 3, 2));

        DenseTensor<float> output = OnnxGraphRunner.Run(graph, [.. Enumerable.Range(0, 12).Select(i => (float)i)], 2, 6);

        Assert.Equal([2, 3, 2], output.Dimensions.ToArray());
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (float)i), output.ToArray());
    }

    [Fact]
    public void Operands_that_do_not_fit_are_refused_with_their_names_and_shapes()
    {
        var builder = new OnnxGraphBuilder("test", "");
        OnnxValue x = builder.Input("x", TensorProto.Types.DataType.Float, [AnyBatch, 3, 4, 4], "");
        OnnxValue weight = builder.Constant("weight", new float[2 * 5 * 9], 2, 5, 3, 3);
        OnnxValue bias = builder.Constant("bias", new float[2], 2);

        var channels = Assert.Throws<ArgumentException>(() => builder.Conv("conv", x, weight, bias, 1, 1));
        Assert.Contains("weight FLOAT [2, 5, 3, 3]", channels.Message, StringComparison.Ordinal);
        Assert.Contains("x FLOAT [N, 3, 4, 4]", channels.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => builder.Add("sum", x, builder.Constant("five", new float[5], 5)));
        Assert.Throws<ArgumentException>(() => builder.MaxPool("pool", x, window: 9, stride: 1, padding: 0));
        Assert.Throws<ArgumentException>(() => builder.Gemm("fc", x, weight, bias));
    }

    private static float[] Noise(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];

    private static IEnumerable<(int N, int C, int Y, int X)> Positions(DenseTensor<float> tensor)
    {
        int[] d = tensor.Dimensions.ToArray();
        for (int i = 0; i < d[0] * d[1] * d[2] * d[3]; i++)
            yield return (i / (d[1] * d[2] * d[3]), i / (d[2] * d[3]) % d[1], i / d[3] % d[2], i % d[3]);
    }
}
