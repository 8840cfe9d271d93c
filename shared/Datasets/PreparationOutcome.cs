using System.Diagnostics.CodeAnalysis;
using KeypointPipeline.Formats;

namespace KeypointPipeline.Datasets;

/// <summary>What came of preparing a file.</summary>
/// <param name="Report">What became of its rows; its <see cref="DatasetReport.Rejection"/> says why it was refused.</param>
/// <param name="Manifest">The prepared dataset, or null where the file was refused.</param>
public sealed record PreparationOutcome(DatasetReport Report, DatasetManifest? Manifest)
{
    /// <summary>Whether the dataset can be used.</summary>
    [MemberNotNullWhen(true, nameof(Manifest))]
    public bool Accepted => Manifest is not null;
}

/// <summary>How far preparing a file has come.</summary>
/// <param name="BytesRead">Bytes of the source read.</param>
/// <param name="TotalBytes">Bytes of the source, where known.</param>
/// <param name="Rows">Rows seen.</param>
public sealed record PreparationProgress(long BytesRead, long? TotalBytes, long Rows);
