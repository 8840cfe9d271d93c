using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Models;

public sealed class SparseOffsetsTests
{
    private static readonly ModelMetadata Metadata =
        new(new KeypointSchema(["nose", "lip"], 9, 8), "ml-resnet", 1.25, "sha256:ab", new SparseOffsets(0, 4.125f, -0.1f, -1e-7f));

    [Fact]
    public void Metadata_with_offsets_reads_back_to_the_same()
    {
        Dictionary<string, string> properties = Metadata.ToProperties().ToDictionary();

        Assert.Equal("[[0,4.125],[-0.1,-1E-07]]", properties[ModelMetadata.SparseOffsetsKey]);
        Assert.Equal(Metadata, ModelMetadata.FromProperties(properties));
    }

    [Fact]
    public void Metadata_without_offsets_has_no_such_property()
    {
        ModelMetadata metadata = Metadata with { SparseOffsets = null };
        Dictionary<string, string> properties = metadata.ToProperties().ToDictionary();

        Assert.DoesNotContain(ModelMetadata.SparseOffsetsKey, properties.Keys);
        Assert.Equal(metadata, ModelMetadata.FromProperties(properties));
    }

    [Fact]
    public void Metadata_that_differs_in_one_offset_is_not_equal()
    {
        Assert.NotEqual(Metadata, Metadata with { SparseOffsets = new SparseOffsets(0, 4.125f, -0.1f, 0) });
        Assert.NotEqual(Metadata, Metadata with { SparseOffsets = null });
        Assert.Equal(Metadata.GetHashCode(), (Metadata with { SparseOffsets = new SparseOffsets(Metadata.SparseOffsets!.Values) }).GetHashCode());
    }

    [Theory]
    [InlineData("[[0,1]]", "expected 2 pairs [dx,dy], one per keypoint")]
    [InlineData("[[0,1],[2]]", "expected 2 pairs")]
    [InlineData("[[0,1],null]", "expected 2 pairs")]
    [InlineData("[0,1,2,3]", "is not a list of offsets")]
    [InlineData("[[0,1],[2,null]]", "is not a list of offsets")]
    [InlineData("[[0,1],[2,1e99]]", "is not a list of offsets")]
    [InlineData("null", "is not a list of offsets")]
    [InlineData("", "is not a list of offsets")]
    public void Malformed_offsets_are_named(string value, string expected)
    {
        Dictionary<string, string> properties = Metadata.ToProperties().ToDictionary();
        properties[ModelMetadata.SparseOffsetsKey] = value;

        var error = Assert.Throws<InvalidDataException>(() => ModelMetadata.FromProperties(properties));

        Assert.Contains(ModelMetadata.SparseOffsetsKey, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData(1f)]
    [InlineData(1f, float.NaN)]
    [InlineData(1f, float.PositiveInfinity)]
    public void Offsets_that_are_no_finite_pairs_are_refused(params float[] values)
    {
        Assert.Throws<ArgumentException>(() => new SparseOffsets(values));
    }

    [Theory]
    [InlineData(4, 15, true)]
    [InlineData(7, 15, true)]
    [InlineData(8, 15, false)]
    [InlineData(2, 4, true)]
    [InlineData(3, 4, false)]
    public void A_row_is_sparse_up_to_half_of_the_keypoints(int labelled, int keypoints, bool sparse)
    {
        Assert.Equal(sparse, SparseOffsets.IsSparse(labelled, keypoints));
    }
}
