using System.Text.Json.Serialization;

namespace KeypointPipeline.Keypoints;

/// <summary>The ordered keypoint names, the frame size and the mirror pairs of a dataset or model.</summary>
/// <remarks>Coordinates are pixels of the frame. x points right and y points down. Pixel centres are integers: x runs from 0 to
/// <see cref="FrameWidth"/> − 1. Two schemas are equal if names, order and frame are equal, whatever their mirror pairs.</remarks>
public sealed class KeypointSchema : IEquatable<KeypointSchema>
{
    /// <summary>Creates a schema.</summary>
    /// <param name="names">Keypoint names in column order: at least one, no duplicates, each valid for <see cref="KeypointName"/>.</param>
    /// <param name="frameWidth">Frame width in pixels, 8 to 1,024.</param>
    /// <param name="frameHeight">Frame height in pixels, 8 to 1,024.</param>
    /// <param name="mirror">Mirror pairs. Null finds them in the names (<see cref="MirrorPairs.FromNames"/>).</param>
    /// <exception cref="ArgumentException">There is no name, a name is invalid or occurs twice, or a mirror pair names a keypoint that the
    /// schema lacks or that another pair has.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side of the frame is smaller than 8 or larger than 1,024 pixels.</exception>
    [JsonConstructor]
    public KeypointSchema(IReadOnlyList<string> names, int frameWidth, int frameHeight, MirrorPairs? mirror = null)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count == 0)
            throw new ArgumentException("A schema needs at least one keypoint.", nameof(names));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            if (KeypointName.FindProblem(name) is string problem)
                throw new ArgumentException($"The name of a keypoint {problem}.", nameof(names));
            if (!seen.Add(name))
                throw new ArgumentException($"Keypoint '{name}' occurs twice.", nameof(names));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(frameWidth, MinimumFrame);
        ArgumentOutOfRangeException.ThrowIfLessThan(frameHeight, MinimumFrame);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frameWidth, MaximumFrame);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frameHeight, MaximumFrame);
        Names = [.. names];
        FrameWidth = frameWidth;
        FrameHeight = frameHeight;
        Mirror = mirror ?? MirrorPairs.FromNames(Names);
        (MirrorMap, OneSided) = Mirror.IndicesIn(Names);
    }

    /// <summary>The smallest frame side, in pixels.</summary>
    public const int MinimumFrame = 8;

    /// <summary>The largest frame side, in pixels.</summary>
    public const int MaximumFrame = 1024;

    /// <summary>Keypoint names, in column order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Frame width in pixels.</summary>
    public int FrameWidth { get; }

    /// <summary>Frame height in pixels.</summary>
    public int FrameHeight { get; }

    /// <summary>Number of keypoints, K.</summary>
    [JsonIgnore]
    public int Count => Names.Count;

    /// <summary>Size of one image in bytes: width × height, one byte per pixel.</summary>
    [JsonIgnore]
    public int FrameSize => FrameWidth * FrameHeight;

    /// <summary>The mirror pairs. In JSON, documents of earlier versions lack them; they are then found in the names.</summary>
    public MirrorPairs Mirror { get; }

    /// <summary>For each keypoint, the index of its partner in a mirrored image. A keypoint without partner maps to itself.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> MirrorMap { get; }

    /// <summary>Indices of the keypoints on one side that have no partner. They are missing in mirrored images.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> OneSided { get; }

    /// <summary>What mirroring does, as text that is equal for schemas that mirror alike: per keypoint its partner's index, its own, or -1
    /// without partner.</summary>
    [JsonIgnore]
    public string MirrorKey => string.Join(' ', Enumerable.Range(0, Count).Select(k => OneSided.Contains(k) ? -1 : MirrorMap[k]));

    /// <summary>Gets whether images can be mirrored: at least one mirror pair is known.</summary>
    [JsonIgnore]
    public bool CanMirror => Mirror.Pairs.Count > 0;

    /// <summary>Returns the same keypoints and frame with other mirror pairs.</summary>
    /// <exception cref="ArgumentException">A pair names a keypoint that the schema lacks or that another pair has.</exception>
    public KeypointSchema WithMirror(MirrorPairs mirror) => new(Names, FrameWidth, FrameHeight, mirror);

    /// <inheritdoc/>
    public bool Equals(KeypointSchema? other) =>
        other is not null && FrameWidth == other.FrameWidth && FrameHeight == other.FrameHeight && Names.SequenceEqual(other.Names);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as KeypointSchema);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Names.Count, Names[0], FrameWidth, FrameHeight);

    /// <summary>Describes the schema, for example <c>15 keypoints, 96×96</c>.</summary>
    public override string ToString() => $"{Count} keypoints, {FrameWidth}×{FrameHeight}";
}
