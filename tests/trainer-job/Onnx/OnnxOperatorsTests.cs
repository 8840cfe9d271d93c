using KeypointPipeline.Onnx.Format;
using KeypointPipeline.TrainerJob.Onnx;
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
    public void Convolution_is_the_sum_over_the_window(
        int inChannels, int outChannels, int kernel, int stride, int padding, int height, int width)
    {
        var random = new Random(1);
        float[] input = Noise(random, 2 * inChannels * height * width);
        float[] weight = Noise(random, outChannels * inChannels * kernel * kernel);
        float[] bias = Noise(random, outChannels);
        GraphProto graph = OnnxGraphRunner.Graph([AnyBatch, inChannels, height, width], (g, x) => g.Conv(
            "conv",
            x,
            g.Constant("weight", weight, outChannels, inChannels, kernel, kernel),
            g.Constant("bias", bias, outChannels),
            stride,
            padding));

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
    [InlineData(2, 6, 4)]
    [InlineData(2, 7, 5)]
    [InlineData(3, 8, 3)]
    public void Pooling_keeps_the_largest_of_every_full_square(int side, int height, int width)
    {
        float[] input = Noise(new Random(2), 2 * 3 * height * width);
        GraphProto graph = OnnxGraphRunner.Graph([AnyBatch, 3, height, width], (g, x) => g.MaxPool("pool", x, side));

        DenseTensor<float> output = OnnxGraphRunner.Run(graph, input, 2, 3, height, width);

        Assert.Equal([2, 3, height / side, width / side], output.Dimensions.ToArray());
        var source = new DenseTensor<float>(input, [2, 3, height, width]);
        foreach ((int n, int c, int y, int x) in Positions(output))
        {
            float largest = Enumerable.Range(0, side * side).Max(i => source[n, c, (y * side) + (i / side), (x * side) + (i % side)]);
            Assert.Equal(largest, output[n, c, y, x]);
        }
    }

    [Fact]
    public void Gemm_gives_the_weighted_sums_of_each_row()
    {
        GraphProto graph = OnnxGraphRunner.Graph([AnyBatch, 3], (g, x) => g.Gemm(
            "sums", x, g.Constant("weight", [1f, 10f, 100f, 1f, -1f, 0f], 2, 3), g.Constant("bias", [0.5f, -0.5f], 2)));

        Assert.Equal([321.5f, -1.5f, 654.5f, -1.5f], OnnxGraphRunner.Run(graph, [1f, 2f, 3f, 4f, 5f, 6f], 2, 3).ToArray());
    }

    [Fact]
    public void Mean_and_sum_take_the_dimensions_asked_for()
    {
        float[] input = Noise(new Random(3), 2 * 3 * 5 * 7);
        GraphProto means = OnnxGraphRunner.Graph([AnyBatch, 3, 5, 7], (g, x) => g.Mean("mean", x, 2, 3));
        GraphProto sums = OnnxGraphRunner.Graph([AnyBatch, 3, 5, 7], (g, x) => g.SumOverLast("sum", x));

        DenseTensor<float> mean = OnnxGraphRunner.Run(means, input, 2, 3, 5, 7);
        DenseTensor<float> sum = OnnxGraphRunner.Run(sums, input, 2, 3, 5, 7);

        Assert.Equal([2, 3, 1, 1], mean.Dimensions.ToArray());
        Assert.All(input.Chunk(35).Zip(mean.ToArray()), pair => Assert.Equal(pair.First.Average(), pair.Second, 1e-5));
        Assert.Equal([2, 3, 5], sum.Dimensions.ToArray());
        Assert.All(input.Chunk(7).Zip(sum.ToArray()), pair => Assert.Equal(pair.First.Sum(), pair.Second, 1e-5));
    }

    [Fact]
    public void Softmax_over_the_last_dimension_survives_large_scores()
    {
        GraphProto graph = OnnxGraphRunner.Graph([AnyBatch, 3], (g, x) => g.SoftmaxOverLast("softmax", x));

        DenseTensor<float> output = OnnxGraphRunner.Run(graph, [1000f, 1000f, -1000f, 0f, MathF.Log(2), MathF.Log(5)], 2, 3);

        Assert.Equal([0.5f, 0.5f, 0f, 0.125f, 0.25f, 0.625f], output.ToArray().Select(p => MathF.Round(p, 5)));
    }

    [Fact]
    public void Difference_quotient_and_root_work_element_by_element()
    {
        GraphProto graph = OnnxGraphRunner.Graph([AnyBatch, 2], (g, x) => g.Sqrt("root",
            g.Div("quotient", g.Sub("difference", x, g.Constant("one", [1f], 1)), g.Constant("divisors", [4f, 9f], 2))));

        Assert.Equal([2f, 3f], OnnxGraphRunner.Run(graph, [17f, 82f], 1, 2).ToArray());
    }

    [Fact]
    public void Transpose_exchanges_dimensions()
    {
        GraphProto graph = OnnxGraphRunner.Graph([AnyBatch, 2, 3], (g, x) => g.Transpose("pairs", x, 0, 2, 1));

        Assert.Equal([0f, 3f, 1f, 4f, 2f, 5f], OnnxGraphRunner.Run(graph, [0f, 1f, 2f, 3f, 4f, 5f], 1, 2, 3).ToArray());
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
        GraphProto graph = OnnxGraphRunner.Graph([AnyBatch, 6], (g, x) => g.Reshape("pairs", x, 3, 2));

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
        Assert.Throws<ArgumentException>(() => builder.Reshape("list", x, 49));
        Assert.Throws<ArgumentException>(() => builder.Gemm("sums", x, builder.Constant("matrix", new float[8], 2, 4), bias));
        Assert.Throws<ArgumentException>(() => builder.MaxPool("pool", x, side: 5));
        OnnxValue large = builder.Constant("large", new float[2 * 3 * 25], 2, 3, 5, 5);
        Assert.Throws<ArgumentException>(() => builder.Conv("too_small", x, large, bias, stride: 1, padding: 0));
    }

    private static float[] Noise(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];

    private static IEnumerable<(int N, int C, int Y, int X)> Positions(DenseTensor<float> tensor)
    {
        int[] d = tensor.Dimensions.ToArray();
        for (int i = 0; i < d[0] * d[1] * d[2] * d[3]; i++)
            yield return (i / (d[1] * d[2] * d[3]), i / (d[2] * d[3]) % d[1], i / d[3] % d[2], i % d[3]);
    }
}
