using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets;

/// <summary>Rows of a prepared dataset that can be read at once: all rows of a folder on this machine (<see cref="PreparedDataset"/>), or
/// the rows of a dataset in storage that were loaded (<see cref="Stored.StoredRows"/>).</summary>
public interface IDatasetRows
{
    /// <summary>Description of the dataset: its id, schema, counts and source.</summary>
    DatasetManifest Manifest { get; }

    /// <summary>Returns a row's grey bytes, H·W, line by line.</summary>
    /// <param name="row">0 to the number of rows − 1.</param>
    ReadOnlySpan<byte> Image(int row);

    /// <summary>Returns a row's coordinates in frame pixels, K·2: x and y of each keypoint. Both are NaN if the label is missing.</summary>
    /// <param name="row">0 to the number of rows − 1.</param>
    ReadOnlySpan<float> Keypoints(int row);

    /// <summary>Returns the row's number in the dropped file. 1 is the first row below the header.</summary>
    /// <param name="row">0 to the number of rows − 1.</param>
    uint SourceRow(int row);

    /// <summary>Returns where a row's frame is on its upright picture, or null if the row's pixels were given as a frame.</summary>
    /// <param name="row">0 to the number of rows − 1.</param>
    FrameTransform? Place(int row);

    /// <summary>Returns the state of each keypoint, K. Empty if the dataset has none: it was prepared from a table with pixels.</summary>
    /// <param name="row">0 to the number of rows − 1.</param>
    ReadOnlySpan<LabelState> States(int row);
}
