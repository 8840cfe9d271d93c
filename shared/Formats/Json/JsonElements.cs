using System.Runtime.CompilerServices;
using System.Text.Json;
using KeypointPipeline.Files;

namespace KeypointPipeline.Formats.Json;

/// <summary>Reads a large JSON file that is an array, or an object with arrays as members. Only one element is in memory at a time.
/// With <see cref="AreMembers"/>, objects take the place of the arrays.</summary>
/// <param name="stream">The file in UTF-8. The caller disposes it.</param>
/// <param name="fileName">Its name, for messages.</param>
/// <param name="members">The members whose elements are read. The others are passed over, whatever they hold. None: the elements are those of
/// the file itself.</param>
internal sealed class JsonElements(Stream stream, string fileName, params IReadOnlyList<string> members)
{
    /// <summary>The largest element in bytes. Pictures in JSON, as some tools embed them, are smaller.</summary>
    public const int LargestElement = 64 * 1024 * 1024;

    private const int FirstBufferBytes = 256 * 1024;

    private static readonly JsonReaderOptions Options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private byte[] _buffer = new byte[FirstBufferBytes];
    private int _start;
    private int _end;
    private bool _isEnd;
    private JsonReaderState _state = new(Options);
    private Place _place = Place.File;
    private string _member = "";
    private long _number;

    private enum Place
    {
        File,
        Members,
        Value,
        Array,
        Object,
        PassedOver,
        Complete,
    }

    /// <summary>Whether the elements are the values of objects' members, whatever their names. Otherwise they are the items of arrays.</summary>
    public bool AreMembers { get; init; }

    /// <summary>Reads the elements in the order of the file.</summary>
    /// <exception cref="RejectedFileException">The file is not JSON, or is cut off, or an element is too large.</exception>
    public async IAsyncEnumerable<JsonPiece> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await FillAsync(cancellationToken);
        if (_end >= 2 && (_buffer.AsSpan(0, 2).SequenceEqual((byte[])[0xFE, 0xFF]) || _buffer.AsSpan(0, 2).SequenceEqual((byte[])[0xFF, 0xFE])))
            throw new RejectedFileException($"{fileName} is JSON in UTF-16. Save it as UTF-8.");
        if (_buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8))
            _start = 3;
        while (true)
        {
            while (TryRead(out JsonPiece piece))
                yield return piece;
            if (_place == Place.Complete && _isEnd)
                yield break;
            await FillAsync(cancellationToken);
        }
    }

    /// <summary>Reads on in the buffer. Returns false if it holds no further element.</summary>
    private bool TryRead(out JsonPiece piece)
    {
        try
        {
            while (true)
            {
                var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isEnd, _state);
                if (!TryStep(ref reader, out JsonPiece? found))
                {
                    piece = default;
                    return false;
                }

                _start += (int)reader.BytesConsumed;
                _state = reader.CurrentState;
                if (found is { } element)
                {
                    piece = element;
                    return true;
                }
            }
        }
        catch (JsonException e)
        {
            throw new RejectedFileException(
                $"{fileName} is not valid JSON at line {(e.LineNumber ?? 0) + 1:N0}, byte {(e.BytePositionInLine ?? 0) + 1:N0}. "
                + "It may be cut off, or contain NaN, which JSON lacks. Export it again.", e);
        }
    }

    /// <summary>Reads one token, one element, or the tokens of a member that is passed over. Returns false if the buffer ends before.</summary>
    private bool TryStep(ref Utf8JsonReader reader, out JsonPiece? piece)
    {
        piece = null;
        if (_place == Place.PassedOver)
            return TryPassOver(ref reader);
        if (!reader.Read())
            return false;
        switch (_place)
        {
            case Place.File:
                _place = (reader.TokenType, members.Count) switch
                {
                    (JsonTokenType.StartObject, > 0) => Place.Members,
                    (JsonTokenType.StartObject, 0) when AreMembers => Place.Object,
                    (JsonTokenType.StartArray, 0) when !AreMembers => Place.Array,
                    (_, 0) when !AreMembers => throw new RejectedFileException($"{fileName} is no JSON array. Expected [ and ] around it."),
                    _ => throw new RejectedFileException($"{fileName} is no JSON object. Expected {{ and }} around it."),
                };
                return true;
            case Place.Members when reader.TokenType == JsonTokenType.PropertyName:
                _member = FindMember(ref reader);
                _place = _member.Length > 0 ? Place.Value : Place.PassedOver;
                _number = 0;
                return true;
            case Place.Members:
                _place = Place.Complete;
                return true;
            case Place.Value when reader.TokenType == (AreMembers ? JsonTokenType.StartObject : JsonTokenType.StartArray):
                _place = AreMembers ? Place.Object : Place.Array;
                return true;
            case Place.Value:
                if (!reader.TrySkip())
                    return false;
                _place = Place.Members;
                return true;
            case Place.Array or Place.Object when reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject:
                _place = members.Count == 0 ? Place.Complete : Place.Members;
                return true;
            case Place.Array or Place.Object:
                // A member's name and its value are read together.
                string name = reader.TokenType == JsonTokenType.PropertyName ? NameOf(ref reader) : "";
                if (reader.TokenType == JsonTokenType.PropertyName && !reader.Read())
                    return false;
                int start = (int)reader.TokenStartIndex;
                if (!reader.TrySkip())
                    return false;
                piece = new JsonPiece(_member, name, ++_number, _buffer.AsMemory(_start + start, (int)reader.BytesConsumed - start));
                return true;
            default:
                throw new InvalidOperationException("The reader allows nothing after the file's value.");
        }
    }

    /// <summary>Returns the name of a member. Half of a surrogate pair makes it empty.</summary>
    private static string NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    /// <summary>Returns the member that the property names, or an empty text if it is none of those that are read.</summary>
    private string FindMember(ref Utf8JsonReader reader)
    {
        foreach (string member in members)
        {
            if (reader.ValueTextEquals(member))
                return member;
        }

        return "";
    }

    /// <summary>Reads tokens until the member's value ends.</summary>
    private bool TryPassOver(ref Utf8JsonReader reader)
    {
        bool any = false;
        while (reader.Read())
        {
            any = true;
            if (reader.CurrentDepth == 1 && reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
            {
                _place = Place.Members;
                return true;
            }
        }

        return any;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_isEnd)
            throw new RejectedFileException($"{fileName} is cut off. Export or copy it again.");
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= LargestElement)
                throw new RejectedFileException($"{fileName} has an element of more than {LargestElement:N0} bytes. Expected labels, without pictures in them.");
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _isEnd = read == 0;
    }
}

/// <summary>An element of an array or of an object.</summary>
/// <param name="Member">The member whose value the array or object is; empty if it is the whole file.</param>
/// <param name="Name">The element's own name in its object; empty in an array.</param>
/// <param name="Number">Number of the element in its array or object, from 1.</param>
/// <param name="Json">Its bytes. Valid until the next element is read.</param>
internal readonly record struct JsonPiece(string Member, string Name, long Number, ReadOnlyMemory<byte> Json)
{
    private static readonly JsonDocumentOptions Options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Parses the element. The caller disposes the document, before the next element is read.</summary>
    public JsonDocument Parse() => JsonDocument.Parse(Json, Options);
}
