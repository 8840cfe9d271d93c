using System.Text;
using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Writing;
using KeypointPipeline.Files;
using KeypointPipeline.Fuzz.Tests.Mutations;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Fuzz.Tests.Datasets;

/// <summary>Reads labelled files as <c>PrepareDataset</c> and <c>keypoints train</c> do.</summary>
/// <param name="name">Its name, in the table and on the command line.</param>
/// <param name="create">Creates an input.</param>
/// <param name="hasPictures">Whether the pictures are files of their own. Otherwise the rows hold the pixels.</param>
internal sealed class DatasetTarget(string name, Func<Random, FuzzInput> create, bool hasPictures = false) : IFuzzTarget
{
    public const string TargetName = "datasets";

    /// <summary>Files that only datasets with pictures have: states, places, and the list of pictures.</summary>
    private const int PictureFiles = 3;

    private readonly DatasetPreparation _preparation = new(TimeProvider.System);
    private readonly DatasetOptions _options = new() { MaximumBadShare = 0.5 };
    private readonly TemporaryFolder _folder = FastFolder.Create();

    /// <summary>Reads tables that hold the pixels.</summary>
    public DatasetTarget()
        : this(TargetName, DatasetInputs.Create)
    {
    }

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public TimeSpan Patience { get; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public long MemoryCeiling => 300_000_000;

    /// <inheritdoc/>
    public FuzzInput Create(int seed, long number) => create(Draw.For(seed, number));

    /// <inheritdoc/>
    public async Task<FuzzVerdict> FeedAsync(FuzzInput input, bool inPieces, CancellationToken cancellationToken)
    {
        var source = new DatasetSource(
            input.Name,
            _ => Task.FromResult<Stream>(inPieces ? new PiecemealStream(input.Content) : new MemoryStream(input.Content, writable: false)),
            input.Content.Length);
        PreparationOutcome outcome = await _preparation.PrepareAsync(source, new PreparedFolder(_folder.Path), _options, progress: null, cancellationToken);
        string[] files = Directory.GetFiles(_folder.Path);
        try
        {
            return ReportPromises.WhatIsBroken(outcome, hasPictures) is string fault ? FuzzVerdict.Broken(fault) : Verdict(outcome, files.Length);
        }
        finally
        {
            foreach (string file in files)
                File.Delete(file);
        }
    }

    public void Dispose() => _folder.Dispose();

    private FuzzVerdict Verdict(PreparationOutcome outcome, int files)
    {
        if (!outcome.Accepted)
            return files == 0 ? FuzzVerdict.Refused(outcome.Report.Rejection!) : FuzzVerdict.Broken($"The file was refused, but {files} files are left.");
        int expected = PreparedDatasetFiles.Data.Count + 1 + (hasPictures ? PictureFiles : 0);
        if (files != expected)
            return FuzzVerdict.Broken($"A prepared dataset has {expected} files, this one has {files}.");
        using PreparedDataset dataset = PreparedDataset.Open(_folder.Path);
        return PreparedPromises.WhatIsBroken(dataset, outcome.Report, hasPictures) is string fault
            ? FuzzVerdict.Broken(fault)
            : FuzzVerdict.Accepted(Encoding.UTF8.GetBytes(PipelineJson.Write(outcome.Report)));
    }
}
