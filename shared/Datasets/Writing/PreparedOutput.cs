namespace KeypointPipeline.Datasets.Writing;

/// <summary>Where <see cref="DatasetPreparation"/> writes a dataset: a folder of this machine (<see cref="PreparedFolder"/>) or storage.</summary>
public abstract class PreparedOutput
{
    /// <summary>Starts to write a dataset. A file that must be read again is written again, by another writer.</summary>
    /// <param name="keypoints">Number of keypoints, K.</param>
    /// <param name="ofPictures">Whether the pictures are files: rows then have a <see cref="FramedRow"/>.</param>
    internal abstract PreparedDatasetWriter Start(int keypoints, bool ofPictures);
}
