using System.Text.Json.Serialization;

namespace KeypointPipeline.Keypoints;

/// <summary>What a dataset or model speaks of: the ordered keypoint names and the frame their pixels live in.</summary>
/// <remarks>Coordinates are pixels of the frame: x right, y down, pixel centres at integers (0…<see cref="FrameWidth"/>−1).</remarks>
public sealed class KeypointSchema : IEquatable<KeypointSchema>
{
    private int[]? _mirror;

    /// <summary>Creates a schema.</summary>
    /// <param name="names">Keypoint names in column order; at least one, no duplicates, each as <see cref="KeypointName"/> wants it.</param>
    /// <param name="frameWidth">Frame width in pixels, at least 8.</param>
    /// <param name="frameHeight">Frame height in pixels, at least 8.</param>
    /// <exception cref="ArgumentException">A name cannot be used or stands twice, or there is none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The frame is smaller than 8 or larger than 1,024 pixels a side.</exception>
    [JsonConstructor]
    public KeypointSchema(IReadOnlyList<string> names, int frameWidth, int frameHeight)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count == 0)
            throw new ArgumentException("A schema needs at least one keypoint.", nameof(names));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            if (KeypointName.FindProblem(name) is string problem)
                throw new ArgumentException($"A keypoint's name {problem}.", nameof(names));
            if (!seen.Add(name))
                throw new ArgumentException($"Keypoint '{name}' stands twice.", nameof(names));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(frameWidth, MinimumFrame);
        ArgumentOutOfRangeException.ThrowIfLessThan(frameHeight, MinimumFrame);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frameWidth, MaximumFrame);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frameHeight, MaximumFrame);
        Names = [.. names];
        FrameWidth = frameWidth;
        FrameHeight = frameHeight;
    }

    /// <summary>The smallest frame side, pixels.</summary>
    public const int MinimumFrame = 8;

    /// <summary>The largest frame side, pixels.</summary>
    public const int MaximumFrame = 1024;

    /// <summary>Keypoint names, in column order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Frame width, pixels.</summary>
    public int FrameWidth { get; }

    /// <summary>Frame height, pixels.</summary>
    public int FrameHeight { get; }

    /// <summary>Number of keypoints, K.</summary>
    [JsonIgnore]
    public int Count => Names.Count;

    /// <summary>Bytes of one image: width × height.</summary>
    [JsonIgnore]
    public int FrameSize => FrameWidth * FrameHeight;

    /// <summary>For each keypoint the index of the one it becomes in a mirrored image; itself on the centre line.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> Mirror => _mirror ??= MirrorMap.Create(Names);

    /// <inheritdoc/>
    public bool Equals(KeypointSchema? other) =>
        other is not null && FrameWidth == other.FrameWidth && FrameHeight == other.FrameHeight && Names.SequenceEqual(other.Names);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as KeypointSchema);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Names.Count, Names[0], FrameWidth, FrameHeight);

    /// <summary>Such as <c>15 keypoints, 96×96</c>.</summary>
    public override string ToString() => $"{Count} keypoints, {FrameWidth}×{FrameHeight}";
}
