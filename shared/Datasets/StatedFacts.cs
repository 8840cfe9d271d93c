using System.Text.Json;
using KeypointPipeline.Datasets.Frames;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.PixelCsv.Labels;
using KeypointPipeline.Images.Placing;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets;

/// <summary>What a sidecar states about a labelled file.</summary>
/// <param name="Mirror">Mirror pairs or none; null if it does not state them.</param>
/// <param name="Frame">Frame size; null if it does not state it.</param>
/// <param name="Group">Name of the column whose value keeps rows on one side of the split; null if it does not name one.</param>
/// <param name="Missing">Points that count as missing, possibly none; null if it does not state them.</param>
/// <param name="Coordinates">Unit of the coordinates; null if it does not state it.</param>
/// <param name="Framing">How instances of pictures become frames; null if it does not state it. Tables with pixels ignore it.</param>
internal sealed record StatedFacts(
    MirrorStatement? Mirror = null,
    FrameSize? Frame = null,
    string? Group = null,
    IReadOnlyList<MissingMark>? Missing = null,
    CoordinateUnit? Coordinates = null,
    FramingStatement? Framing = null)
{
    /// <summary>The member with the mirror pairs.</summary>
    internal const string MirrorMember = "mirror";

    private const string FrameMember = "frame";
    private const string GroupMember = "group";
    private const string MissingMember = "missing";
    private const string CoordinatesMember = "coordinates";
    private const string FramingMember = "framing";
    private const string NoMarks = "none";

    /// <summary>All members.</summary>
    internal static IReadOnlyList<string> Members { get; } = [MirrorMember, FrameMember, GroupMember, MissingMember, CoordinatesMember, FramingMember];

    /// <summary>What it states about the rows.</summary>
    public RowConventions Conventions => new()
    {
        Missing = Missing ?? RowConventions.NoMarks,
        StatesMissing = Missing is not null,
        Unit = Coordinates ?? CoordinateUnit.Pixels,
        StatesUnit = Coordinates is not null,
    };

    /// <summary>Returns what a sidecar states: nothing if there is none.</summary>
    /// <inheritdoc cref="Parse" path="/exception"/>
    public static StatedFacts Of(SidecarFile? file) => file is null ? new StatedFacts() : Parse(file);

    /// <summary>Parses a sidecar.</summary>
    /// <exception cref="RejectedFileException">It is not such a document. The message names the file and the member, and says what is
    /// expected.</exception>
    public static StatedFacts Parse(SidecarFile file)
    {
        try
        {
            return file.Read($"{{\"{MirrorMember}\": \"none\"}}", (name, json) => json.EnumerateObject().Aggregate(new StatedFacts(), (facts, member) => facts.With(name, member)));
        }
        catch (FormatException e)
        {
            throw new RejectedFileException(ShownText.Of(e.Message, longest: 1000), e);
        }
    }

    private StatedFacts With(string file, JsonProperty member) => member.Name switch
    {
        MirrorMember => this with { Mirror = ReadMirror($"{file}, member {MirrorMember}", member.Value) },
        FrameMember => this with
        {
            Frame = FrameSize.Parse(ReadText(member.Value) ?? "")
                ?? throw Unexpected(file, FrameMember, "a text such as \"128x96\", width and height in pixels", member.Value),
        },
        GroupMember => this with
        {
            Group = ReadText(member.Value) is { Length: > 0 } column
                ? column
                : throw Unexpected(file, GroupMember, "the name of a column", member.Value),
        },
        MissingMember => this with { Missing = ReadMarks(file, member.Value) },
        CoordinatesMember => this with
        {
            Coordinates = CoordinateUnits.Names.TryGetValue(ReadText(member.Value) ?? "", out CoordinateUnit unit)
                ? unit
                : throw Unexpected(file, CoordinatesMember, string.Join(" or ", CoordinateUnits.Names.Keys.Select(name => $"\"{name}\"")), member.Value),
        },
        FramingMember => this with
        {
            Framing = StatedFraming.Read(member.Value) ?? throw Unexpected(file, FramingMember, StatedFraming.Expected, member.Value),
        },
        _ => throw new RejectedFileException(
            $"{file} has a member '{ShownText.Of(member.Name)}', which is unknown; "
            + $"{MirrorMember}, {FrameMember}, {GroupMember}, {MissingMember}, {CoordinatesMember} and {FramingMember} are known."),
    };

    private static MirrorStatement ReadMirror(string place, JsonElement value)
    {
        if (ReadText(value) is MirrorStatement.NoPairs)
            return new MirrorStatement([], place);
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0)
        {
            List<string[]?> groups = [.. value.EnumerateArray().Select(ReadGroup)];
            if (groups.TrueForAll(group => group is not null))
                return new MirrorStatement([.. groups.Select(group => group!)], place);
        }

        throw new RejectedFileException(
            $"{place}: \"{MirrorStatement.NoPairs}\" or a list of pairs such as [[\"eye_l\", \"eye_r\"]] is expected; it is {Describe(value)}.");
    }

    private static string[]? ReadGroup(JsonElement group)
    {
        if (ReadText(group) is string single)
            return [single];
        return group.ValueKind == JsonValueKind.Array && group.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String)
            ? [.. group.EnumerateArray().Select(name => name.GetString()!)]
            : null;
    }

    private static IReadOnlyList<MissingMark> ReadMarks(string file, JsonElement value)
    {
        if (ReadText(value) is NoMarks)
            return RowConventions.NoMarks;
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0)
        {
            List<MissingMark?> marks = [.. value.EnumerateArray().Select(ReadMark)];
            if (marks.TrueForAll(mark => mark is not null))
                return [.. marks.Select(mark => mark!.Value)];
        }

        throw Unexpected(file, MissingMember, $"\"{NoMarks}\" or a list of points such as [[0, 0], [-1, -1]]", value);
    }

    private static MissingMark? ReadMark(JsonElement point) =>
        point.ValueKind == JsonValueKind.Array && point.GetArrayLength() == 2
        && point.EnumerateArray().All(number => number.ValueKind == JsonValueKind.Number && number.TryGetSingle(out float value) && float.IsFinite(value))
            ? new MissingMark(point[0].GetSingle(), point[1].GetSingle())
            : null;

    private static string? ReadText(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : null;

    private static RejectedFileException Unexpected(string file, string member, string expected, JsonElement value) =>
        new($"{file}, member {member}: {expected} is expected; it is {Describe(value)}.");

    private static string Describe(JsonElement value) => ShownText.Of(value.GetRawText());
}
