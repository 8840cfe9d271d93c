using KeypointPipeline.Images;

namespace KeypointPipeline.Datasets;

/// <summary>Says where a row of a prepared dataset comes from: a line of <see cref="PreparedDatasetFiles.Pictures"/>.</summary>
/// <param name="Row">Index of the row, from 0.</param>
/// <param name="Picture">Path of the picture in the dropped set.</param>
/// <param name="Instance">Id of the instance: 16 hexadecimal digits of the XXH128 of the picture's file, and a number.</param>
/// <param name="Box">The instance's box in pixels of the upright picture, or null.</param>
public sealed record RowPicture(int Row, string Picture, string Instance, PictureBox? Box);
