namespace KeypointPipeline.Local.Dropping;

/// <summary>A dropped file or folder, and the workflow instance that its arrival starts.</summary>
/// <param name="Kind">Whether it is a dataset or a batch.</param>
/// <param name="Name">The dataset's path in its container, or the batch's name.</param>
/// <param name="InstanceId">Id of the instance.</param>
/// <param name="Files">Number of uploaded files.</param>
/// <param name="LeftOut">Files that were left out, with the reasons: no blob can have their names, or they are no images.</param>
public sealed record DroppedItem(DroppedKind Kind, string Name, string InstanceId, int Files, IReadOnlyList<string> LeftOut);

/// <summary>Kinds of dropped items.</summary>
public enum DroppedKind
{
    /// <summary>Labelled rows.</summary>
    Dataset,

    /// <summary>Images to predict.</summary>
    Batch,
}
