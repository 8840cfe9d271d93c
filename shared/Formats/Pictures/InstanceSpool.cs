using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Formats.Pictures;

/// <summary>Puts the instances of label files together by picture. A file may scatter the instances of a picture, and the points of an
/// instance. The labels wait in a temporary file.</summary>
/// <remarks>In memory a picture takes about 80 bytes, and an instance none: each record in the file leads to the one before it in its
/// picture. Not safe for several callers at once.</remarks>
/// <param name="fileName">Name of the label file, for messages.</param>
internal sealed class InstanceSpool(string fileName) : IDisposable
{
    /// <summary>The most bytes of the temporary file: a step has less than 0.5 GB of temporary disk (design, Workflows). A million
    /// instances with 17 points take about 200 million.</summary>
    public const long MostBytes = 384 * 1024 * 1024;

    /// <summary>The most records in a picture. They are in memory together.</summary>
    public const int MostInPicture = 100_000;

    private const int BufferBytes = 128 * 1024;

    private readonly FileStream _file = TemporaryFile.Create("labels");
    private readonly List<PictureRecords> _pictures = [];
    private readonly Dictionary<UInt128, int> _numbers = [];
    private readonly MemoryStream _buffer = new();
    private BinaryWriter? _writer;
    private (int Picture, SpooledInstance Instance)? _open;
    private long _flushed;

    /// <summary>The number of pictures.</summary>
    public int Pictures => _pictures.Count;

    private BinaryWriter Writer => _writer ??= new BinaryWriter(_buffer, Encoding.UTF8, leaveOpen: true);

    /// <summary>Returns the number of a picture by its label file and path. The first mention adds it.</summary>
    /// <param name="picture">The picture without instances.</param>
    /// <exception cref="RejectedFileException">The labels are too many.</exception>
    public int Add(LabelledPicture picture)
    {
        UInt128 key = XxHash128.HashToUInt128(MemoryMarshal.AsBytes($"{picture.File}\n{picture.Path}".AsSpan()));
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, key, out bool exists);
        if (!exists)
        {
            number = Reserve();
            Describe(number, picture);
        }

        return number;
    }

    /// <summary>Adds a picture whose path is not known yet, and returns its number.</summary>
    public int Reserve()
    {
        _pictures.Add(default);
        return _pictures.Count - 1;
    }

    /// <summary>States what a picture of <see cref="Reserve"/> is. The last statement counts.</summary>
    /// <param name="number">The picture's number.</param>
    /// <param name="picture">The picture without instances.</param>
    /// <exception cref="RejectedFileException">The labels are too many.</exception>
    public void Describe(int number, LabelledPicture picture)
    {
        Place start = Start();
        Writer.Write(picture.Path);
        Writer.Write(picture.OtherPath is not null);
        if (picture.OtherPath is not null)
            Writer.Write(picture.OtherPath);
        Writer.Write(picture.File is not null);
        if (picture.File is not null)
            Writer.Write(picture.File);
        Writer.Write(picture.StatedSize?.Width ?? 0);
        Writer.Write(picture.StatedSize?.Height ?? 0);
        Writer.Write(picture.IsRelative);
        CollectionsMarshal.AsSpan(_pictures)[number].Description = End(start);
    }

    /// <summary>Whether a picture is described.</summary>
    public bool IsDescribed(int number) => _pictures[number].Description.Length > 0;

    /// <summary>Adds an instance, or a part of one. It takes over the part's arrays.</summary>
    /// <param name="picture">The picture's number.</param>
    /// <param name="part">The part. Its points are as many as are known so far, or as it has itself.</param>
    /// <param name="key">What the parts of an instance share in their picture. Null if this part is the whole instance.</param>
    /// <exception cref="RejectedFileException">The labels are too many.</exception>
    public void Add(int picture, LabelledInstance part, string? key = null)
    {
        if (key is not null && _open is { } open && open.Picture == picture && open.Instance.Key == key)
        {
            open.Instance.Add(part);
            return;
        }

        WriteOpen();
        _open = (picture, new SpooledInstance(key, part));
    }

    /// <summary>Reads the pictures with their instances, in the order of first mention. It can be called again, and labels can be added
    /// in between. Pictures without description are left out.</summary>
    /// <param name="keypoints">The names of all keypoints.</param>
    public IEnumerable<LabelledPicture> Read(IReadOnlyList<string> keypoints)
    {
        WriteOpen();
        Flush();
        for (int number = 0; number < _pictures.Count; number++)
        {
            if (IsDescribed(number))
                yield return ReadDescription(number) with { Instances = ReadInstances(number, keypoints) };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _buffer.Dispose();
        _writer?.Dispose();
    }

    private void WriteOpen()
    {
        if (_open is not { } open)
            return;
        _open = null;
        ref PictureRecords picture = ref CollectionsMarshal.AsSpan(_pictures)[open.Picture];
        if (++picture.Count > MostInPicture)
        {
            string name = IsDescribed(open.Picture) ? ShownText.Of(ReadDescription(open.Picture).Path) : "a picture";
            throw new RejectedFileException($"{fileName} has more than {MostInPicture:N0} instances for {name}. Each picture needs a path of its own.");
        }

        Place start = Start();
        Writer.Write(picture.Last.Offset);
        Writer.Write(picture.Last.Length);
        open.Instance.Write(Writer);
        picture.Last = End(start);
    }

    private Place Start()
    {
        if (_buffer.Length > BufferBytes)
            Flush();
        if (_flushed + _buffer.Length > MostBytes)
            throw new RejectedFileException($"{fileName} has too many labels: putting them together takes more than {MostBytes:N0} bytes of temporary space. Split the file into several datasets.");
        return new Place(_flushed + _buffer.Length, 0);
    }

    private Place End(Place start) => start with { Length = (int)(_flushed + _buffer.Length - start.Offset) };

    private void Flush()
    {
        RandomAccess.Write(_file.SafeFileHandle, _buffer.GetBuffer().AsSpan(0, (int)_buffer.Length), _flushed);
        _flushed += _buffer.Length;
        _buffer.SetLength(0);
    }

    private LabelledPicture ReadDescription(int number)
    {
        using BinaryReader reader = ReaderOf(_pictures[number].Description);
        return new LabelledPicture(reader.ReadString(), [])
        {
            OtherPath = reader.ReadBoolean() ? reader.ReadString() : null,
            File = reader.ReadBoolean() ? reader.ReadString() : null,
            StatedSize = (reader.ReadInt32(), reader.ReadInt32()) is ( > 0, > 0) size ? size : null,
            IsRelative = reader.ReadBoolean(),
        };
    }

    private List<LabelledInstance> ReadInstances(int number, IReadOnlyList<string> keypoints)
    {
        var records = new List<SpooledInstance>();
        for (Place place = _pictures[number].Last; place.Length > 0;)
        {
            using BinaryReader reader = ReaderOf(place);
            place = new Place(reader.ReadInt64(), reader.ReadInt32());
            records.Add(SpooledInstance.Read(reader));
        }

        records.Reverse();
        var instances = new List<SpooledInstance>();
        var byKey = new Dictionary<string, SpooledInstance>(StringComparer.Ordinal);
        foreach (SpooledInstance record in records)
        {
            if (record.Key is not null && byKey.TryGetValue(record.Key, out SpooledInstance? earlier))
            {
                earlier.Add(record);
                continue;
            }

            instances.Add(record);
            if (record.Key is not null)
                byKey.Add(record.Key, record);
        }

        return instances.ConvertAll(instance => instance.Complete(keypoints));
    }

    /// <summary>Reads a record from the file, or from the buffer if it was not written yet.</summary>
    private BinaryReader ReaderOf(Place place)
    {
        if (place.Offset >= _flushed)
            return new BinaryReader(new MemoryStream(_buffer.GetBuffer(), (int)(place.Offset - _flushed), place.Length, writable: false));
        byte[] bytes = new byte[place.Length];
        for (int read = 0; read < bytes.Length;)
        {
            int more = RandomAccess.Read(_file.SafeFileHandle, bytes.AsSpan(read), place.Offset + read);
            read += more > 0 ? more : throw new IOException("The temporary file of the labels was cut off.");
        }

        return new BinaryReader(new MemoryStream(bytes, writable: false));
    }

    /// <summary>Where a record is. Its length is 0 if there is none.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Place(long Offset, int Length);

    [StructLayout(LayoutKind.Auto)]
    private struct PictureRecords
    {
        public Place Description;
        public Place Last;
        public int Count;
    }
}
