using System.Text;
using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Writing;
using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Sources;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Microsoft.Extensions.Time.Testing;

namespace KeypointPipeline.Shared.Tests.Support;

/// <summary>Bytes prepared as a dataset in a folder of the test's own.</summary>
internal sealed class PreparedForTest : IDisposable
{
    private readonly TemporaryFolder _folder;
    private PreparedDataset? _opened;

    private PreparedForTest(TemporaryFolder folder, PreparationOutcome outcome)
    {
        _folder = folder;
        Outcome = outcome;
    }

    public static DateTimeOffset Now { get; } = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public PreparationOutcome Outcome { get; }

    public string Folder => _folder.Path;

    public DatasetReport Report => Outcome.Report;

    public string Rejection => Report.Rejection ?? throw new InvalidOperationException("The file was accepted.");

    public PreparedDataset Dataset => _opened ??= PreparedDataset.Open(Folder);

    public RowProblem OnlyProblem => Xunit.Assert.Single(Report.Problems);

    public static Task<PreparedForTest> FromAsync(string csv, DatasetOptions? options = null) =>
        FromAsync(Encoding.UTF8.GetBytes(csv), "training.csv", options);

    public static async Task<PreparedForTest> FromAsync(byte[] content, string name, DatasetOptions? options = null)
    {
        TemporaryFolder folder = TestFolder.Create("dataset");
        try
        {
            return new PreparedForTest(folder, await PrepareAsync(Source(content, name), folder.Path, options));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public static Task<PreparationOutcome> PrepareAsync(
        DatasetSource source, string folder, DatasetOptions? options = null, CancellationToken cancellationToken = default) =>
        new DatasetPreparation(new FakeTimeProvider(Now)).PrepareAsync(source, new PreparedFolder(folder), options ?? new DatasetOptions(), progress: null, cancellationToken);

    public static Task<PreparationOutcome> PrepareAsync(FileSet set, string folder, CancellationToken cancellationToken, DatasetOptions? options = null) =>
        new DatasetPreparation(new FakeTimeProvider(Now)).PrepareAsync(
            set, set.Name, etag: null, new PreparedFolder(folder), options ?? new DatasetOptions(), progress: null, cancellationToken);

    /// <summary>Bytes as a source; only a zip's stream can seek, as only it needs to.</summary>
    public static DatasetSource Source(byte[] content, string name) => new(
        name,
        _ => Task.FromResult<Stream>(name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)
            ? new MemoryStream(content, writable: false)
            : new ForwardStream(content)),
        content.Length);

    public void Dispose()
    {
        _opened?.Dispose();
        _folder.Dispose();
    }
}
