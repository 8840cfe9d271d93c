namespace KeypointPipeline.Local.Dropping;

/// <summary>What was dropped, and the workflow instance that its arrival starts.</summary>
/// <param name="Kind">Dataset or batch.</param>
/// <param name="Name">The dataset's path in its container, or the batch.</param>
/// <param name="InstanceId">The instance.</param>
/// <param name="Files">Files uploaded.</param>
/// <param name="LeftOut">Files that were left out because no blob can have their names, each with the reason.</param>
public sealed record DroppedItem(DroppedKind Kind, string Name, string InstanceId, int Files, IReadOnlyList<string> LeftOut);

/// <summary>What was dropped.</summary>
public enum DroppedKind
{
    /// <summary>Labelled rows.</summary>
    Dataset,

    /// <summary>Images to predict.</summary>
    Batch,
}
