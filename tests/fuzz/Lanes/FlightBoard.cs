using System.IO.MemoryMappedFiles;

namespace KeypointPipeline.Fuzz.Tests.Lanes;

/// <summary>Holds the number of the input that a process is feeding. It is a memory-mapped file, so the number survives a crash.</summary>
internal sealed class FlightBoard : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    private FlightBoard(MemoryMappedFile file)
    {
        _file = file;
        _view = file.CreateViewAccessor();
    }

    /// <summary>The input's number; -1 before the first input.</summary>
    public long Number
    {
        get => _view.ReadInt64(0);
        set => _view.Write(0, value);
    }

    /// <summary>Opens a board, and creates it if it is missing.</summary>
    public static FlightBoard Open(string path)
    {
        bool isNew = !File.Exists(path);
        var board = new FlightBoard(MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, mapName: null, sizeof(long)));
        if (isNew)
            board.Number = -1;
        return board;
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
