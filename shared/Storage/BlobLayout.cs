namespace KeypointPipeline.Storage;

/// <summary>The one place that names containers and blobs.</summary>
public static class BlobLayout
{
    /// <summary>Dropped datasets: labelled files, also in folders.</summary>
    public const string Datasets = "datasets";

    /// <summary>Prepared datasets, a folder each.</summary>
    public const string Prepared = "prepared";

    /// <summary>Ingest reports, a JSON blob each.</summary>
    public const string Reports = "reports";

    /// <summary>Datasets that could not be used, with the reason beside them.</summary>
    public const string Rejected = "rejected";

    /// <summary>Training runs, a folder each: the trainer's whole protocol.</summary>
    public const string Runs = "runs";

    /// <summary>Published models, a folder each, and the champion pointer.</summary>
    public const string Models = "models";

    /// <summary>Dropped image batches.</summary>
    public const string Images = "images";

    /// <summary>Results of batches, a folder each.</summary>
    public const string Results = "results";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Containers { get; } =
        [Datasets, Prepared, Reports, Rejected, Runs, Models, Images, Results];

    /// <summary>The blob whose arrival starts a batch: <c>{batch}/_READY</c>.</summary>
    public const string ReadyMarker = "_READY";

    /// <summary>In <see cref="Models"/>: names the version in use.</summary>
    public const string Champion = "champion.json";

    /// <summary>In <see cref="Runs"/>: who may train now.</summary>
    public const string TrainingSlot = "slot.json";
}
