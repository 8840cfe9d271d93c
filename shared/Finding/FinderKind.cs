using System.Text.Json.Serialization;

namespace KeypointPipeline.Finding;

/// <summary>How the instances of a picture are found before a model predicts their keypoints.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FinderKind>))]
public enum FinderKind
{
    /// <summary>The whole picture is one instance.</summary>
    [JsonStringEnumMemberName("whole")]
    Whole,

    /// <summary>Boxes that somebody states, such as those of <c>boxes.csv</c>.</summary>
    [JsonStringEnumMemberName("boxes")]
    Boxes,

    /// <summary>Every human face that the face detector finds.</summary>
    [JsonStringEnumMemberName("faces")]
    Faces,
}
