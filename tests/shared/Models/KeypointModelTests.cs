using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Models;

public sealed class KeypointModelTests
{
    private static readonly KeypointSchema Schema = new(["left_eye_center", "right_eye_center", "nose_tip"], 12, 10);

    [Fact]
    public void A_constant_model_gives_its_points_for_every_image()
    {
        using var model = KeypointModel.Open(TinyOnnxModel.Constant(Schema, 1, 2, 3, 4, 5, 6), "tiny");
        float[] keypoints = new float[2 * 6];
        model.Predict(new byte[2 * Schema.FrameSize], 2, keypoints);
        Assert.Equal([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6], keypoints);
        Assert.Equal(Schema, model.Schema);
    }

    [Fact]
    public void The_centroid_model_finds_a_bright_pixel_in_each_image_of_several_batches()
    {
        using var model = KeypointModel.Open(TinyOnnxModel.Centroid(Schema, 0, 0, 1, 0, 0, 1), "tiny");
        const int Count = (2 * KeypointModel.BatchSize) + 3;
        byte[] images = new byte[Count * Schema.FrameSize];
        for (int i = 0; i < Count; i++)
            images[(i * Schema.FrameSize) + (i * 3 % Schema.FrameSize)] = 200;
        float[] keypoints = new float[Count * 6];
        model.Predict(images, Count, keypoints);
        for (int i = 0; i < Count; i++)
        {
            int pixel = i * 3 % Schema.FrameSize;
            int x = pixel % 12;
            int y = pixel / 12;
            Assert.Equal([x, y, x + 1, y, x, y + 1], keypoints[(i * 6)..((i + 1) * 6)]);
        }
    }

    [Fact]
    public void Spans_of_the_wrong_size_are_refused()
    {
        using var model = KeypointModel.Open(TinyOnnxModel.Constant(Schema, new float[6]), "tiny");
        Assert.Throws<ArgumentException>(() => model.Predict(new byte[119], 1, new float[6]));
        Assert.Throws<ArgumentException>(() => model.Predict(new byte[120], 1, new float[5]));
    }

    [Fact]
    public void A_model_with_uncertainty_gives_each_images_own_over_several_batches()
    {
        using var model = KeypointModel.Open(TinyOnnxModel.Uncertain(Schema, [1, 2, 3, 4, 5, 6], [1, 0.5f, 2]), "tiny");
        const int Count = (2 * KeypointModel.BatchSize) + 3;
        byte[] images = [.. Enumerable.Range(0, Count).SelectMany(i => Enumerable.Repeat((byte)i, Schema.FrameSize))];
        float[] keypoints = new float[Count * 6];
        float[] uncertainties = new float[Count * 3];
        model.Predict(images, Count, keypoints, uncertainties);
        Assert.True(model.HasUncertainty);
        for (int i = 0; i < Count; i++)
        {
            Assert.Equal([1, 2, 3, 4, 5, 6], keypoints[(i * 6)..((i + 1) * 6)]);
            Assert.Equal(i, uncertainties[i * 3], 1e-4);
            Assert.Equal(i / 2.0, uncertainties[(i * 3) + 1], 1e-4);
            Assert.Equal(i * 2.0, uncertainties[(i * 3) + 2], 1e-4);
        }

        float[] alone = new float[6];
        model.Predict(new byte[Schema.FrameSize], 1, alone);
        Assert.Equal([1, 2, 3, 4, 5, 6], alone);
        Assert.Throws<ArgumentException>(() => model.Predict(new byte[120], 1, alone, new float[2]));
    }

    [Fact]
    public void A_model_without_uncertainty_says_so_and_gives_none()
    {
        using var model = KeypointModel.Open(TinyOnnxModel.Constant(Schema, new float[6]), "tiny");
        Assert.False(model.HasUncertainty);
        Assert.Throws<ArgumentException>(() => model.Predict(new byte[120], 1, new float[6], new float[3]));
    }

    [Theory]
    [InlineData("uncertainty", 2, "'uncertainty' is Float [any, 2]; expected one output, 'keypoints' Float [any, 3, 2], and optionally 'uncertainty' Float [any, 3].")]
    [InlineData("variance", 3, "outputs are 'keypoints', 'variance'; expected one output, 'keypoints' Float [any, 3, 2], and optionally 'uncertainty' Float [any, 3].")]
    public void A_second_output_that_is_not_the_uncertainty_is_described(string output, int keypoints, string expected)
    {
        byte[] file = TinyOnnxModel.Uncertain(Schema, new float[6], new float[keypoints], output);
        var e = Assert.Throws<InvalidDataException>(() => KeypointModel.Open(file, "tiny"));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_model_is_refused_by_name()
    {
        var e = Assert.Throws<InvalidDataException>(() => KeypointModel.Open([1, 2, 3], "holiday.onnx"));
        Assert.Contains("holiday.onnx", e.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => KeypointModel.Open("/nowhere/model.onnx"));
    }

    [Fact]
    public async Task Several_threads_may_share_a_model()
    {
        using var model = KeypointModel.Open(TinyOnnxModel.Centroid(Schema), "tiny");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(t => Task.Run(() =>
        {
            byte[] image = new byte[Schema.FrameSize];
            image[t * 13] = 99;
            float[] keypoints = new float[6];
            for (int n = 0; n < 50; n++)
            {
                model.Predict(image, 1, keypoints);
                Assert.Equal(t * 13 % 12, keypoints[0]);
                Assert.Equal(t * 13 / 12, keypoints[1]);
            }
        })));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Batches_side_by_side_get_their_own_answers_however_many_threads_there_are(int threads)
    {
        using var model = KeypointModel.Open(TinyOnnxModel.Centroid(Schema), "tiny", threads);
        float[][] keypoints = [.. Enumerable.Range(0, 40).Select(_ => new float[6])];

        await Task.WhenAll(keypoints.Select((answer, i) =>
        {
            byte[] image = new byte[Schema.FrameSize];
            image[i * 3] = 99;
            return model.PredictBatchAsync(image, 1, answer, default, TestContext.Current.CancellationToken);
        }));

        Assert.All(keypoints.Index(), answer => Assert.Equal((answer.Index * 3 % 12, answer.Index * 3 / 12), (answer.Item[0], answer.Item[1])));
        Assert.Equal(threads, model.Threads);
    }

    [Fact]
    public async Task A_batch_has_no_more_images_than_a_run()
    {
        using var model = KeypointModel.Open(TinyOnnxModel.Centroid(Schema), "tiny");
        const int Count = KeypointModel.BatchSize + 1;

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => model.PredictBatchAsync(
            new byte[Count * Schema.FrameSize], Count, new float[Count * 6], default, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Who_waits_for_a_busy_model_can_give_up()
    {
        using var model = KeypointModel.Open(TinyOnnxModel.Centroid(Schema), "tiny");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => model.PredictBatchAsync(
            new byte[Schema.FrameSize], 1, new float[6], default, new CancellationToken(canceled: true)));

        float[] keypoints = new float[6];
        model.Predict(new byte[Schema.FrameSize], 1, keypoints);
    }

    [Fact]
    public void A_closed_model_says_that_it_is()
    {
        var model = KeypointModel.Open(TinyOnnxModel.Centroid(Schema), "tiny");
        model.Dispose();

        Assert.Throws<ObjectDisposedException>(() => model.Predict(new byte[Schema.FrameSize], 1, new float[6]));
    }
}
