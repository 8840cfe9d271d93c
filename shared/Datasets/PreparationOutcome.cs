using System.Diagnostics.CodeAnalysis;
using KeypointPipeline.Formats;

namespace KeypointPipeline.Datasets;

/// <summary>The result of preparing a file.</summary>
/// <param name="Report">The outcome of every row. <see cref="DatasetReport.Rejection"/> says why a file was refused.</param>
/// <param name="Manifest">The prepared dataset, or null if the file was refused.</param>
public sealed record PreparationOutcome(DatasetReport Report, DatasetManifest? Manifest)
{
    /// <summary>Gets whether the file was accepted and the dataset can be used.</summary>
    [MemberNotNullWhen(true, nameof(Manifest))]
    public bool Accepted => Manifest is not null;
}

/// <summary>The progress of preparing a file.</summary>
/// <param name="BytesRead">Number of bytes of the source read so far.</param>
/// <param name="TotalBytes">Size of the source in bytes, or null if unknown.</param>
/// <param name="Rows">Number of rows read so far.</param>
public sealed record PreparationProgress(long BytesRead, long? TotalBytes, long Rows);
