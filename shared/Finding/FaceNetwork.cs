using System.Buffers;
using System.Runtime.InteropServices;
using KeypointPipeline.Images;
using KeypointPipeline.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace KeypointPipeline.Finding;

/// <summary>One of the two BlazeFace networks. It sees the faces of windows. Several threads can call it at once.</summary>
internal sealed class FaceNetwork : IDisposable
{
    private const int Colours = 3;

    /// <summary>Cells of the finer grid on a side of the window that the networks were trained with.</summary>
    private const int WholeCells = 16;

    /// <summary>The most numbers of a window: 512×512 pixels.</summary>
    private const int LongestWindow = 512 * 512 * Colours;

    /// <summary>Room for windows. The pool that arrays usually come from keeps some for each thread, and threads come and go.</summary>
    private static readonly ArrayPool<float> Room = ArrayPool<float>.Create(LongestWindow, maxArraysPerBucket: Environment.ProcessorCount);

    private static readonly string[] Inputs = ["input:0"];

    /// <summary>Scores and numbers of the cells of each grid.</summary>
    private static readonly string[] Outputs = ["Identity:0", "Identity_2:0", "Identity_1:0", "Identity_3:0"];

    private readonly byte[] _file;
    private readonly RunOptions _run = new();
    private readonly Grid[] _grids;

    /// <summary>A session for each size of windows, opened when the size first occurs.</summary>
    private readonly Dictionary<(int Rows, int Columns), InferenceSession> _sessions = [];

    private readonly Lock _opening = new();

    private FaceNetwork(byte[] file, int cell)
    {
        _file = file;
        _grids = [new Grid(cell, Anchors: 2), new Grid(2 * cell, Anchors: 6)];
    }

    /// <summary>Opens a network.</summary>
    /// <param name="file">Path of the ONNX file.</param>
    /// <param name="cell">Side in pixels of a cell of its finer grid. The coarser grid has twice the side, and windows have whole cells of it.</param>
    /// <exception cref="FaceNetworksMissingException">The file is not there, or ONNX Runtime cannot load it.</exception>
    public static FaceNetwork Open(string file, int cell)
    {
        FaceNetwork? network = null;
        try
        {
            network = new FaceNetwork(AnySizeNetwork.Of(File.ReadAllBytes(file)), cell);
            network.SessionFor(WholeCells * cell, WholeCells * cell);
            return network;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or OnnxRuntimeException)
        {
            network?.Dispose();
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
        var faces = new List<FaceCandidate>();
        foreach (Window window in windows)
            faces.AddRange(Overlap.Join(Look(picture, window, leastScore)));
        return faces;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _run.Dispose();
        foreach (InferenceSession session in _sessions.Values)
            session.Dispose();
    }

    /// <summary>Returns what the cells of all grids see in a window.</summary>
    private List<FaceCandidate> Look(DecodedPicture picture, Window window, double leastScore)
    {
        int length = window.Columns * window.Rows * Colours;
        float[] rented = Room.Rent(length);
        try
        {
            Memory<float> rgb = rented.AsMemory(0, length);
            picture.SampleWindow(window.Left, window.Top, window.Scale, window.Columns, window.Rows, rgb.Span);
            using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, rgb, [1, window.Rows, window.Columns, Colours]);
            using IDisposableReadOnlyCollection<OrtValue> outputs = SessionFor(window.Rows, window.Columns).Run(_run, Inputs, [input], Outputs);
            var seen = new List<FaceCandidate>();
            foreach ((int i, Grid grid) in _grids.Index())
                Read(outputs[2 * i].GetTensorDataAsSpan<float>(), outputs[(2 * i) + 1].GetTensorDataAsSpan<float>(), grid, window, leastScore, seen);
            return seen;
        }
        finally
        {
            Room.Return(rented);
        }
    }

    private InferenceSession SessionFor(int rows, int columns)
    {
        lock (_opening)
        {
            if (!_sessions.TryGetValue((rows, columns), out InferenceSession? session))
                _sessions[(rows, columns)] = session = OnnxSession.OpenSized(_file, (AnySizeNetwork.Rows, rows), (AnySizeNetwork.Columns, columns));
            return session;
        }
    }

    /// <summary>Reads what the cells of a grid see, by line, column and anchor. A cell states centre, size and points in pixels of the window,
    /// from its own centre.</summary>
    private static void Read(
        ReadOnlySpan<float> scores, ReadOnlySpan<float> numbers, Grid grid, Window window, double leastScore, List<FaceCandidate> seen)
    {
        float leastLogit = (float)Math.Log(leastScore / (1 - leastScore));
        int columns = window.Columns / grid.Cell;
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] < leastLogit)
                continue;
            int cell = i / grid.Anchors;
            (double x, double y) = (((cell % columns) + 0.5) * grid.Cell, ((cell / columns) + 0.5) * grid.Cell);
            seen.Add(new FaceCandidate(1 / (1 + Math.Exp(-scores[i])), Place(numbers.Slice(i * FaceCandidate.Length, FaceCandidate.Length), x, y, window)));
        }
    }

    /// <summary>Converts a cell's numbers to picture pixels.</summary>
    private static double[] Place(ReadOnlySpan<float> numbers, double x, double y, Window window)
    {
        double[] placed = new double[FaceCandidate.Length];
        for (int i = 0; i < placed.Length; i += 2)
        {
            // The second pair is a size, all others are points.
            bool isSize = i == 2;
            placed[i] = (isSize ? 0 : window.Left) + (window.Scale * ((isSize ? 0 : x) + numbers[i]));
            placed[i + 1] = (isSize ? 0 : window.Top) + (window.Scale * ((isSize ? 0 : y) + numbers[i + 1]));
        }

        return placed;
    }

    /// <summary>A grid of cells.</summary>
    /// <param name="Cell">Side of a cell in pixels.</param>
    /// <param name="Anchors">Faces that a cell can see.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Grid(int Cell, int Anchors);
}
