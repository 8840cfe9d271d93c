using System.Globalization;
using System.Text.Json;
using KeypointPipeline.Images;
using KeypointPipeline.Images.Placing;

namespace KeypointPipeline.Datasets.Frames;

/// <summary>Reads the member <c>framing</c> of a sidecar: a kind such as <c>"box"</c>, or <c>{"kind": "box", "margin": 1.2}</c>.</summary>
internal static class StatedFraming
{
    private const string KindMember = "kind";
    private const string MarginMember = "margin";

    private static readonly Dictionary<string, FramingKind> Kinds = new(StringComparer.Ordinal)
    {
        ["whole"] = FramingKind.Whole,
        ["box"] = FramingKind.Box,
        ["points"] = FramingKind.Points,
    };

    /// <summary>Says what the member can be.</summary>
    public static string Expected { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"{string.Join(" or ", Kinds.Keys.Select(kind => $"\"{kind}\""))}, or {{\"{KindMember}\": \"box\", \"{MarginMember}\": 1.2}} with a margin from {FramingStatement.SmallestMargin} to {FramingStatement.LargestMargin},");

    /// <summary>Reads the member. Returns null if it is something else than <see cref="Expected"/>.</summary>
    public static FramingStatement? Read(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return ReadKind(value) is FramingKind kind ? new FramingStatement(kind) : null;
        if (value.EnumerateObject().Any(member => member.Name is not (KindMember or MarginMember))
            || !value.TryGetProperty(KindMember, out JsonElement stated)
            || ReadKind(stated) is not FramingKind statedKind)
            return null;
        if (!value.TryGetProperty(MarginMember, out JsonElement margin))
            return new FramingStatement(statedKind);
        return statedKind != FramingKind.Whole
            && margin.ValueKind == JsonValueKind.Number
            && margin.TryGetDouble(out double number)
            && number is >= FramingStatement.SmallestMargin and <= FramingStatement.LargestMargin
            ? new FramingStatement(statedKind, number)
            : null;
    }

    private static FramingKind? ReadKind(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && Kinds.TryGetValue(value.GetString()!.Trim(), out FramingKind kind) ? kind : null;
}
