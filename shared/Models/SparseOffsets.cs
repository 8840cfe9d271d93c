namespace KeypointPipeline.Models;

/// <summary>Offsets of sparse rows' labels from complete rows' labels, for a dataset that labels the two in different ways. A model
/// predicts the labels of complete rows; adding the offsets gives the labels of sparse rows.</summary>
/// <remarks>Kaggle's facial keypoints are such a dataset. Rows with four keypoints mark the nose under its tip and the bottom lip at
/// mid-mouth.</remarks>
public sealed class SparseOffsets : IEquatable<SparseOffsets>
{
    private readonly float[] _values;

    /// <summary>Creates offsets from pairs of dx and dy.</summary>
    /// <param name="values">dx and dy of each keypoint, in frame pixels.</param>
    /// <exception cref="ArgumentException">There are no values, their number is odd, or a value is not finite.</exception>
    public SparseOffsets(params ReadOnlySpan<float> values)
    {
        if (values.IsEmpty || values.Length % 2 != 0)
            throw new ArgumentException($"Offsets are one or more pairs of dx and dy, but {values.Length} numbers were given.", nameof(values));
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                throw new ArgumentException($"The offset of keypoint {i / 2} is {values[i]}; expected a number of pixels.", nameof(values));
        }

        _values = values.ToArray();
    }

    /// <summary>dx and dy of each keypoint, in frame pixels.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Number of keypoints, K.</summary>
    public int Count => _values.Length / 2;

    /// <summary>Gets whether a row is sparse: it labels (or asks for) at most half of the keypoints.</summary>
    /// <param name="labelled">Number of keypoints that the row labels or asks for.</param>
    /// <param name="keypoints">Number of keypoints of the schema.</param>
    public static bool IsSparse(int labelled, int keypoints) => labelled <= MostLabels(keypoints);

    /// <summary>The largest number of labels of a sparse row: half of the keypoints, rounded down.</summary>
    /// <param name="keypoints">Number of keypoints of the schema.</param>
    public static int MostLabels(int keypoints) => keypoints / 2;

    /// <inheritdoc/>
    public bool Equals(SparseOffsets? other) => other is not null && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SparseOffsets);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_values.Length, _values[0], _values[1]);
}
