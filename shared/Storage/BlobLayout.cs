namespace KeypointPipeline.Storage;

/// <summary>Names of the containers and of the blobs with fixed names.</summary>
public static class BlobLayout
{
    /// <summary>Container of dropped datasets: labelled files, with or without folders.</summary>
    public const string Datasets = "datasets";

    /// <summary>Container of prepared datasets, one folder per dataset.</summary>
    public const string Prepared = "prepared";

    /// <summary>Container of ingest reports, one JSON blob per report.</summary>
    public const string Reports = "reports";

    /// <summary>Container of rejected datasets, each with the reason beside it.</summary>
    public const string Rejected = "rejected";

    /// <summary>Container of training runs, one folder per run. A folder holds everything that host and trainer exchange.</summary>
    public const string Runs = "runs";

    /// <summary>Container of published models, one folder per version, and of the champion pointer.</summary>
    public const string Models = "models";

    /// <summary>Container of dropped image batches.</summary>
    public const string Images = "images";

    /// <summary>Container of results, one folder per batch.</summary>
    public const string Results = "results";

    /// <summary>Container of records of what was started for each drop. A storage of an earlier version lacks it until the first
    /// record.</summary>
    public const string Handled = "handled";

    /// <summary>All containers.</summary>
    public static IReadOnlyList<string> Containers { get; } =
        [Datasets, Prepared, Reports, Rejected, Runs, Models, Images, Results, Handled];

    /// <summary>Name of the marker blob that starts a batch when it arrives: <c>{batch}/_READY</c>.</summary>
    public const string ReadyMarker = "_READY";

    /// <summary>Blob in <see cref="Models"/> that names the champion, the version in use.</summary>
    public const string Champion = "champion.json";

    /// <summary>Blob in <see cref="Runs"/> that names the training that may run now.</summary>
    public const string TrainingSlot = "slot.json";

    /// <summary>Prefix in <see cref="Prepared"/> of the documents that say which dataset is in force for a path.</summary>
    public const string PreparedPaths = "paths/";

    /// <summary>Prefix in <see cref="Prepared"/> of the documents that say which groups were erased.</summary>
    public const string ErasedGroups = "erased/";

    /// <summary>Prefix in <see cref="Prepared"/> of datasets that are being written, a folder for each attempt. What is left of an attempt
    /// that was killed can be deleted.</summary>
    public const string PreparedIncoming = "_incoming/";

    /// <summary>In <see cref="Rejected"/>: appended to a rejected file's path, it names the report that gives the reason.</summary>
    public const string RejectionReportEnding = ".reason.json";
}
