using KeypointPipeline.Finding;
using KeypointPipeline.Onnx;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Finding;

public sealed class AnySizeNetworkTests
{
    private static readonly string[] Outputs = ["Identity:0", "Identity_1:0", "Identity_2:0", "Identity_3:0"];

    [Theory]
    [InlineData("front-128.onnx", 128)]
    [InlineData("back-256.onnx", 256)]
    public void A_window_of_the_size_of_the_file_gives_what_the_file_gives(string name, int pixels)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(FaceDetector.Folder, name));
        float[] window = Noise(pixels, pixels);
        using InferenceSession original = OnnxSession.Open(file);
        using InferenceSession changed = Open(AnySizeNetwork.Of(file), pixels, pixels);

        Assert.Equal(Run(original, window, pixels, pixels), Run(changed, window, pixels, pixels), (a, b) => Math.Abs(a - b) < 1e-3f * (1 + Math.Abs(a)));
    }

    [Theory]
    [InlineData("front-128.onnx", 16)]
    [InlineData("back-256.onnx", 32)]
    public void A_window_that_moves_by_a_cell_sees_the_same_a_cell_further(string name, int cell)
    {
        byte[] file = AnySizeNetwork.Of(File.ReadAllBytes(Path.Combine(FaceDetector.Folder, name)));
        // Black beyond the middle, as far as the network looks.
        const int Columns = 20, Rows = 17;
        float[] window = [.. Enumerable.Repeat(-1f, Columns * Rows * cell * cell * 3)];
        float[] moved = [.. window];
        float[] noise = Noise(2 * cell, 2 * cell);
        for (int y = 0; y < 2 * cell; y++)
        {
            int at = ((8 * cell) + y) * Columns * cell * 3;
            noise.AsSpan(y * 2 * cell * 3, 2 * cell * 3).CopyTo(window.AsSpan(at + (9 * cell * 3)));
            noise.AsSpan(y * 2 * cell * 3, 2 * cell * 3).CopyTo(moved.AsSpan(at + (10 * cell * 3)));
        }

        using InferenceSession session = Open(file, Rows * cell, Columns * cell);
        float[] scores = Run(session, window, Rows * cell, Columns * cell, "Identity_1:0");
        float[] movedScores = Run(session, moved, Rows * cell, Columns * cell, "Identity_1:0");
        const int Middle = ((8 * Columns) + 9) * 6;

        Assert.Equal(scores[Middle..(Middle + 6)], movedScores[(Middle + 6)..(Middle + 12)], (a, b) => Math.Abs(a - b) < 1e-3f * (1 + Math.Abs(a)));
        Assert.NotEqual(scores[Middle..(Middle + 6)], scores[..6]);
    }

    [Fact]
    public void Another_file_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => AnySizeNetwork.Of([1, 2, 3]));
        Assert.Throws<InvalidDataException>(() => AnySizeNetwork.Of([]));
    }

    private static InferenceSession Open(byte[] file, int rows, int columns) =>
        OnnxSession.OpenSized(file, (AnySizeNetwork.Rows, rows), (AnySizeNetwork.Columns, columns));

    private static float[] Run(InferenceSession session, float[] window, int rows, int columns, params string[] outputs)
    {
        using var run = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(window, [1, rows, columns, 3]);
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, ["input:0"], [input], outputs.Length > 0 ? outputs : Outputs);
        return [.. results.SelectMany(result => result.GetTensorDataAsSpan<float>().ToArray())];
    }

    private static float[] Noise(int rows, int columns)
    {
        var random = new Random(rows);
        return [.. Enumerable.Range(0, rows * columns * 3).Select(_ => (2 * random.NextSingle()) - 1)];
    }
}
