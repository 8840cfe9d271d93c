using KeypointPipeline.Bench.Accuracy;
using Xunit;

namespace KeypointPipeline.Bench.Tests.Accuracy;

public sealed class RowDrawTests
{
    private static readonly int[] Rows = [.. Enumerable.Range(0, 500)];

    [Fact]
    public void The_same_seed_draws_the_same_rows_and_another_seed_others()
    {
        int[] drawn = RowDraw.Draw(Rows, 50, seed: 1);

        Assert.Equal(drawn, RowDraw.Draw(Rows, 50, seed: 1));
        Assert.NotEqual(drawn, RowDraw.Draw(Rows, 50, seed: 2));
        Assert.Equal(50, drawn.Distinct().Count());
        Assert.Equal(drawn.Order(), drawn);
        Assert.All(drawn, row => Assert.Contains(row, Rows));
    }

    [Fact]
    public void More_rows_than_there_are_is_an_error_with_the_next_step()
    {
        var error = Assert.Throws<InvalidDataException>(() => RowDraw.Draw(Rows, 501, seed: 1));

        Assert.Contains("501 rows, but there are 500. Leave it out with --only.", error.Message, StringComparison.Ordinal);
    }
}
