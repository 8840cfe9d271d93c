namespace KeypointPipeline.Models;

/// <summary>What turns the points of fully labelled rows into those of sparse ones, where a data set holds two ways of labelling.
/// A model predicts the first; adding these gives the second.</summary>
/// <remarks>Kaggle's facial keypoints are such a set: in the rows with four keypoints the nose is marked under its tip and the
/// bottom lip at mid-mouth.</remarks>
public sealed class SparseOffsets : IEquatable<SparseOffsets>
{
    private readonly float[] _values;

    /// <summary>Creates offsets.</summary>
    /// <param name="values">Per keypoint dx and dy, frame pixels.</param>
    /// <exception cref="ArgumentException">They are no pairs, there is none, or one is not finite.</exception>
    public SparseOffsets(params ReadOnlySpan<float> values)
    {
        if (values.IsEmpty || values.Length % 2 != 0)
            throw new ArgumentException($"Offsets are pairs of dx and dy, at least one; {values.Length} numbers were given.", nameof(values));
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                throw new ArgumentException($"The offset of keypoint {i / 2} is {values[i]}; expected a number of pixels.", nameof(values));
        }

        _values = values.ToArray();
    }

    /// <summary>Per keypoint dx and dy, frame pixels.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Number of keypoints, K.</summary>
    public int Count => _values.Length / 2;

    /// <summary>Whether a row that labels (or is asked for) some of the keypoints is a sparse one: at most half of them.</summary>
    /// <param name="labelled">Keypoints labelled.</param>
    /// <param name="keypoints">Keypoints of the schema.</param>
    public static bool IsSparse(int labelled, int keypoints) => 2 * labelled <= keypoints;

    /// <inheritdoc/>
    public bool Equals(SparseOffsets? other) => other is not null && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SparseOffsets);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_values.Length, _values[0], _values[1]);
}
