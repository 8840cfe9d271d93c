namespace KeypointPipeline.Evaluation;

/// <summary>A model's error on one labelled instance, for example a face.</summary>
/// <param name="Row">Index of the row in its dataset, from 0.</param>
/// <param name="SourceRow">The row's number in the dropped file.</param>
/// <param name="Points">Number of labelled points that were compared.</param>
/// <param name="Error">Mean distance of these points in pixels of the model's frame; null if there are none.</param>
/// <param name="PictureError">The same in pixels of the upright picture; null if the row's pixels were given as a frame.</param>
/// <param name="Nme">The mean distance ÷ distance between the labelled eyes; null if an eye is not labelled.</param>
public sealed record InstanceError(int Row, uint SourceRow, int Points, double? Error, double? PictureError, double? Nme);
