using System.Text.Json;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Results;

/// <summary>Reads the lines of a chunk that a <see cref="ChunkWriter"/> wrote.</summary>
/// <param name="stream">The chunk; the caller disposes it.</param>
/// <param name="schema">The model's keypoints.</param>
/// <param name="chunk">Names the chunk in messages, such as <c>Chunk 3 of batch 'holiday'</c>.</param>
internal sealed class ChunkLines(Stream stream, KeypointSchema schema, string chunk)
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private int _line;
    private bool _ended;

    /// <summary>Reads the next line.</summary>
    /// <returns>The line, or null after the last.</returns>
    /// <exception cref="InvalidDataException">The line is not a result of an image; the message names it.</exception>
    public async ValueTask<ChunkLine?> ReadAsync(CancellationToken cancellationToken)
    {
        int searched = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0)
                return Take(searched + length, skipped: 1);
            searched = _end - _start;
            if (_ended)
                return searched > 0 ? Take(searched, skipped: 0) : null;
            MakeRoom();
            int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            _end += read;
            _ended = read == 0;
        }
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, 2 * _buffer.Length);
    }

    private ChunkLine Take(int length, int skipped)
    {
        ReadOnlySpan<byte> text = _buffer.AsSpan(_start, length);
        _start += length + skipped;
        _line++;
        try
        {
            ChunkLine parsed = JsonSerializer.Deserialize<ChunkLine>(text, PipelineJson.Compact) ?? throw new JsonException("null");
            if (FindProblem(parsed) is string problem)
                throw new InvalidDataException($"{chunk}, line {_line}{problem}");
            return parsed;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{chunk}, line {_line} is not a result: {e.Message} Run the chunk again.", e);
        }
    }

    private string? FindProblem(ChunkLine line)
    {
        if (line.Result?.Image is null)
            return " names no image. Run the chunk again.";
        int? coordinates = line.Result.Keypoints?.Count;
        if (line.Result.Succeeded ? coordinates != schema.Count * 2 : coordinates is not null)
            return $": {coordinates ?? 0} coordinates do not fit a model with {schema}.";
        if (line.Result.Uncertainty is { } lengths && lengths.Count != (line.Result.Succeeded ? schema.Count : 0))
            return $": {lengths.Count} uncertainties do not fit a model with {schema}.";
        return null;
    }
}
