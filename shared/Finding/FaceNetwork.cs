using System.Buffers;
using KeypointPipeline.Images;
using KeypointPipeline.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace KeypointPipeline.Finding;

/// <summary>One of the two BlazeFace networks. It sees the faces of a square window. Several threads can call it at once.</summary>
internal sealed class FaceNetwork : IDisposable
{
    private const int Colours = 3;

    private static readonly string[] Inputs = ["input:0"];

    /// <summary>Scores and numbers of the cells of each grid.</summary>
    private static readonly string[] Outputs = ["Identity:0", "Identity_2:0", "Identity_1:0", "Identity_3:0"];

    /// <summary>The grids of cells: cells of a side, and anchors of a cell.</summary>
    private static readonly (int Cells, int Anchors)[] Grids = [(16, 2), (8, 6)];

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly int _pixels;

    private FaceNetwork(InferenceSession session, int pixels)
    {
        _session = session;
        _pixels = pixels;
    }

    /// <summary>Opens a network.</summary>
    /// <param name="file">Path of the ONNX file.</param>
    /// <param name="pixels">Side of its input in pixels.</param>
    /// <exception cref="FaceNetworksMissingException">The file is not there, or ONNX Runtime cannot load it.</exception>
    public static FaceNetwork Open(string file, int pixels)
    {
        try
        {
            return new FaceNetwork(OnnxSession.Open(File.ReadAllBytes(file)), pixels);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OnnxRuntimeException)
        {
            throw new FaceNetworksMissingException(file, e);
        }
    }

    /// <summary>Finds the faces of windows.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="windows">The windows.</param>
    /// <param name="leastScore">Lowest score of a face, more than 0 and less than 1.</param>
    /// <returns>The faces of each window, each once.</returns>
    public IReadOnlyList<FaceCandidate> Find(DecodedPicture picture, IReadOnlyList<Window> windows, double leastScore)
    {
        int length = _pixels * _pixels * Colours;
        float[] rented = ArrayPool<float>.Shared.Rent(length);
        try
        {
            Memory<float> rgb = rented.AsMemory(0, length);
            using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, rgb, [1, _pixels, _pixels, Colours]);
            var faces = new List<FaceCandidate>();
            foreach (Window window in windows)
            {
                picture.SampleWindow(window.Left, window.Top, window.Side, _pixels, rgb.Span);
                using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(_run, Inputs, [input], Outputs);
                faces.AddRange(Overlap.Join(Grids.SelectMany((grid, i) => Read(
                    outputs[2 * i].GetTensorDataAsSpan<float>(), outputs[(2 * i) + 1].GetTensorDataAsSpan<float>(), grid.Cells, grid.Anchors, window, leastScore))));
            }

            return faces;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    /// <summary>Reads what the cells of a grid see, by line, column and anchor. A cell states centre, size and points in input pixels, from its own
    /// centre.</summary>
    private List<FaceCandidate> Read(
        ReadOnlySpan<float> scores, ReadOnlySpan<float> numbers, int cells, int anchors, Window window, double leastScore)
    {
        float leastLogit = (float)Math.Log(leastScore / (1 - leastScore));
        var seen = new List<FaceCandidate>();
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] < leastLogit)
                continue;
            int cell = i / anchors;
            (double x, double y) = (((cell % cells) + 0.5) / cells, ((cell / cells) + 0.5) / cells);
            seen.Add(new FaceCandidate(1 / (1 + Math.Exp(-scores[i])), Place(numbers.Slice(i * FaceCandidate.Length, FaceCandidate.Length), x, y, window)));
        }

        return seen;
    }

    /// <summary>Converts a cell's numbers to picture pixels.</summary>
    private double[] Place(ReadOnlySpan<float> numbers, double x, double y, Window window)
    {
        double[] placed = new double[FaceCandidate.Length];
        for (int i = 0; i < placed.Length; i += 2)
        {
            // The second pair is a size, all others are points.
            bool isSize = i == 2;
            placed[i] = (isSize ? 0 : window.Left) + (window.Side * ((isSize ? 0 : x) + (numbers[i] / _pixels)));
            placed[i + 1] = (isSize ? 0 : window.Top) + (window.Side * ((isSize ? 0 : y) + (numbers[i + 1] / _pixels)));
        }

        return placed;
    }
}
