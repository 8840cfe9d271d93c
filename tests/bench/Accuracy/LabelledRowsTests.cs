using KeypointPipeline.Bench.Accuracy;
using Xunit;

namespace KeypointPipeline.Bench.Tests.Accuracy;

public sealed class LabelledRowsTests
{
    [Fact]
    public void A_missing_label_is_filled_with_the_mean_of_its_column()
    {
        float[] labels = [1, 10, float.NaN, 20, 4, float.NaN, 1, float.NaN];

        LabelledRows.FillWithMeans(labels, columns: 2);

        Assert.Equal([1, 10, 2, 20, 4, 15, 1, 15], labels);
    }

    [Fact]
    public void A_column_without_labels_stays_without()
    {
        float[] labels = [float.NaN, 10, float.NaN, 20];

        LabelledRows.FillWithMeans(labels, columns: 2);

        Assert.Equal([float.NaN, 10, float.NaN, 20], labels);
    }
}
