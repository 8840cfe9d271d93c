using KeypointPipeline.Bench.Ingest;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Bench.Tests.Ingest;

/// <summary>The long label files of the bench.</summary>
public sealed class LabelRowsTests
{
    private const int Rows = 40;

    public static TheoryData<string> Formats => [.. IngestBench.LongLabels.Select(labels => labels.Format)];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task All_rows_are_read_in_both_readings(string format)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        using TemporaryFolder folder = TestFolder.Create("labels");

        await IngestBench.LongLabels.Single(labels => labels.Format == format).WriteAsync(folder.Path, Rows, cancel);

        Assert.Equal(Rows, await LabelRows.ReadTwiceAsync(folder.Path, format, cancel));
    }
}
