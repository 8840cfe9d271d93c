using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeypointPipeline.Training;

/// <summary>The answer to a training that asks for its turn.</summary>
/// <param name="Holder">The training whose turn it is: the one that asked, or another one to wait for.</param>
/// <param name="AskAgainIn">When a training that waits must ask again. Null if it is its turn, and in the recorded answers of earlier
/// versions.</param>
/// <param name="Ahead">The number of trainings that wait between the holder and this one.</param>
[JsonConverter(typeof(TrainingTurnConverter))]
public sealed record TrainingTurn(string Holder, TimeSpan? AskAgainIn = null, int Ahead = 0)
{
    /// <summary>Why the training waits, for its status.</summary>
    public string Reason => Ahead switch
    {
        0 => $"{Holder} is training",
        1 => $"{Holder} is training; 1 more training waits before this one",
        _ => $"{Holder} is training; {Ahead:N0} more trainings wait before this one",
    };
}

/// <summary>Reads and writes <see cref="TrainingTurn"/>. Earlier versions answered with the holder alone, a JSON string. Histories of running
/// trainings contain such answers.</summary>
internal sealed class TrainingTurnConverter : JsonConverter<TrainingTurn>
{
    /// <inheritdoc/>
    public override TrainingTurn Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return new TrainingTurn(reader.GetString()!);
        Members members = JsonSerializer.Deserialize<Members>(ref reader, options)!;
        return new TrainingTurn(members.Holder, members.AskAgainIn, members.Ahead);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TrainingTurn value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new Members(value.Holder, value.AskAgainIn, value.Ahead), options);

    private sealed record Members(string Holder, TimeSpan? AskAgainIn, int Ahead);
}
