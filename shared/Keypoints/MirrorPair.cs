using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeypointPipeline.Keypoints;

/// <summary>Two keypoints that change places in a mirrored image. In JSON an array of two names.</summary>
/// <param name="First">Name of one keypoint; the left one if the pair comes from names.</param>
/// <param name="Second">Name of the other.</param>
[JsonConverter(typeof(Converter))]
public sealed record MirrorPair(string First, string Second)
{
    /// <summary>Formats the pair as <c>train --mirror</c> takes it.</summary>
    public override string ToString() => $"{First}:{Second}";

    private sealed class Converter : JsonConverter<MirrorPair>
    {
        public override MirrorPair Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<string[]>(ref reader, options) is [{ } first, { } second]
                ? new MirrorPair(first, second)
                : throw new JsonException("A mirror pair is an array of two names.");

        public override void Write(Utf8JsonWriter writer, MirrorPair value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(value.First);
            writer.WriteStringValue(value.Second);
            writer.WriteEndArray();
        }
    }
}
