using System.Text.Json;
using System.Text.Json.Serialization;
using KeypointPipeline.Sources.Zips;

namespace KeypointPipeline.Inference;

/// <summary>An image of a batch, as a chunk's list names it.</summary>
/// <param name="Name">Its path below the batch, with <c>/</c> between folders.</param>
/// <param name="Place">Where it is in the batch's zip. Null for a blob, and in lists that earlier versions wrote.</param>
[JsonConverter(typeof(ListedImageConverter))]
public sealed record ListedImage(string Name, ZipPlace? Place = null);

/// <summary>Writes an image without place as its name alone, as earlier versions wrote all images.</summary>
internal sealed class ListedImageConverter : JsonConverter<ListedImage>
{
    /// <inheritdoc/>
    public override ListedImage Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return new ListedImage(reader.GetString()!);
        PlacedImage? placed = JsonSerializer.Deserialize<PlacedImage>(ref reader, options);
        return placed is { Name: not null } ? new ListedImage(placed.Name, placed.Place) : throw new JsonException("An image needs a name.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ListedImage value, JsonSerializerOptions options)
    {
        if (value.Place is null)
            writer.WriteStringValue(value.Name);
        else
            JsonSerializer.Serialize(writer, new PlacedImage(value.Name, value.Place), options);
    }

    private sealed record PlacedImage(string Name, ZipPlace? Place);
}
