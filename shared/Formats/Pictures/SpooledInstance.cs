using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.Pictures;

/// <summary>An instance that is put together from its parts, and its bytes in a temporary file. It takes over the arrays of its
/// parts.</summary>
internal sealed class SpooledInstance
{
    private LabelledInstance _facts;
    private float[] _points;
    private LabelState[] _states;
    private bool _statesVisibility;

    /// <summary>Index of the first keypoint with two positions, or -1.</summary>
    private int _contradiction = -1;

    /// <summary>Starts with the first part.</summary>
    /// <param name="key">What the parts of the instance share in their picture; null if it has one part.</param>
    /// <param name="part">The first part. Its row is the instance's row.</param>
    public SpooledInstance(string? key, LabelledInstance part)
    {
        Key = key;
        _facts = part with { Points = [], States = null };
        _points = part.Points;
        _states = part.States ?? Stated(part.Points);
        _statesVisibility = part.States is not null;
    }

    private SpooledInstance(string? key, LabelledInstance facts, float[] points, LabelState[] states)
    {
        Key = key;
        _facts = facts;
        _points = points;
        _states = states;
    }

    /// <summary>What the parts of the instance share in their picture; null if it has one part.</summary>
    public string? Key { get; }

    /// <summary>Adds a part. What an earlier part states stays.</summary>
    public void Add(LabelledInstance part)
    {
        Take(part.Points, part.States ?? Stated(part.Points));
        Take(part);
        _statesVisibility |= part.States is not null;
    }

    /// <summary>Adds the parts of the same instance that were put together elsewhere.</summary>
    public void Add(SpooledInstance later)
    {
        Take(later._points, later._states);
        Take(later._facts);
        _statesVisibility |= later._statesVisibility;
        if (_contradiction < 0)
            _contradiction = later._contradiction;
    }

    /// <summary>Returns the instance.</summary>
    /// <param name="keypoints">The names of all keypoints of the file.</param>
    public LabelledInstance Complete(IReadOnlyList<string> keypoints)
    {
        Grow(keypoints.Count);
        LabelledInstance whole = _facts with { Points = _points, States = _statesVisibility ? _states : null };
        if (whole.HalfLabel >= 0 && !float.IsNaN(_points[2 * whole.HalfLabel]))
            whole = whole with { HalfLabel = -1 };
        return _contradiction < 0 || whole.Fault is not null ? whole : whole with
        {
            Fault = new RowFault(RowProblemKind.Label, keypoints[_contradiction], "has two different positions in this instance. Keep one of them."),
        };
    }

    /// <summary>Writes the bytes. Only points that are stated take space.</summary>
    public void Write(BinaryWriter writer)
    {
        WriteText(writer, Key);
        writer.Write7BitEncodedInt64(_facts.Row);
        writer.Write7BitEncodedInt(_facts.HalfLabel + 1);
        writer.Write7BitEncodedInt(_contradiction + 1);
        WriteText(writer, _facts.Group);
        WriteText(writer, _facts.Id);
        WriteText(writer, _facts.Origin);
        WriteText(writer, _facts.Checksum);
        writer.Write(_facts.Box is not null);
        if (_facts.Box is { } box)
        {
            foreach (double side in (double[])[box.Left, box.Top, box.Width, box.Height, box.Angle])
                writer.Write(side);
        }

        writer.Write(_facts.Fault is not null);
        if (_facts.Fault is { } fault)
        {
            writer.Write((byte)fault.Kind);
            WriteText(writer, fault.Column);
            writer.Write(fault.Text);
        }

        writer.Write(_statesVisibility);
        writer.Write7BitEncodedInt(_states.Length);
        writer.Write7BitEncodedInt(_states.Count(state => state != LabelState.Missing));
        for (int k = 0; k < _states.Length; k++)
        {
            if (_states[k] == LabelState.Missing)
                continue;
            writer.Write7BitEncodedInt(k);
            writer.Write((byte)_states[k]);
            writer.Write(_points[2 * k]);
            writer.Write(_points[(2 * k) + 1]);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static SpooledInstance Read(BinaryReader reader)
    {
        string? key = ReadText(reader);
        var facts = new LabelledInstance(reader.Read7BitEncodedInt64(), []) { HalfLabel = reader.Read7BitEncodedInt() - 1 };
        int contradiction = reader.Read7BitEncodedInt() - 1;
        facts = facts with { Group = ReadText(reader), Id = ReadText(reader), Origin = ReadText(reader), Checksum = ReadText(reader) };
        if (reader.ReadBoolean())
            facts = facts with { Box = new PictureBox(reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble()) };
        if (reader.ReadBoolean())
            facts = facts with { Fault = new RowFault((RowProblemKind)reader.ReadByte(), ReadText(reader), reader.ReadString()) };
        bool statesVisibility = reader.ReadBoolean();
        var states = new LabelState[reader.Read7BitEncodedInt()];
        float[] points = new float[2 * states.Length];
        Array.Fill(points, float.NaN);
        for (int stated = reader.Read7BitEncodedInt(); stated > 0; stated--)
        {
            int k = reader.Read7BitEncodedInt();
            states[k] = (LabelState)reader.ReadByte();
            points[2 * k] = reader.ReadSingle();
            points[(2 * k) + 1] = reader.ReadSingle();
        }

        return new SpooledInstance(key, facts, points, states) { _statesVisibility = statesVisibility, _contradiction = contradiction };
    }

    private static LabelState[] Stated(float[] points)
    {
        var states = new LabelState[points.Length / 2];
        for (int k = 0; k < states.Length; k++)
            states[k] = float.IsNaN(points[2 * k]) ? LabelState.Missing : LabelState.Labelled;
        return states;
    }

    private static void WriteText(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null)
            writer.Write(text);
    }

    private static string? ReadText(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;

    private void Take(float[] points, LabelState[] states)
    {
        Grow(states.Length);
        for (int k = 0; k < states.Length; k++)
        {
            if (states[k] == LabelState.Missing)
                continue;
            (float x, float y) = (points[2 * k], points[(2 * k) + 1]);
            if (_states[k] == LabelState.Missing)
                (_states[k], _points[2 * k], _points[(2 * k) + 1]) = (states[k], x, y);
            else if (_contradiction < 0 && !(_points[2 * k].Equals(x) && _points[(2 * k) + 1].Equals(y)))
                _contradiction = k;
        }
    }

    private void Take(LabelledInstance part) => _facts = _facts with
    {
        Box = _facts.Box ?? part.Box,
        Group = _facts.Group ?? part.Group,
        Id = _facts.Id ?? part.Id,
        Origin = _facts.Origin ?? part.Origin,
        Checksum = _facts.Checksum ?? part.Checksum,
        Fault = _facts.Fault ?? part.Fault,
        HalfLabel = _facts.HalfLabel >= 0 ? _facts.HalfLabel : part.HalfLabel,
    };

    private void Grow(int keypoints)
    {
        int known = _states.Length;
        if (known >= keypoints)
            return;
        Array.Resize(ref _states, keypoints);
        Array.Resize(ref _points, 2 * keypoints);
        Array.Fill(_points, float.NaN, 2 * known, 2 * (keypoints - known));
    }
}
