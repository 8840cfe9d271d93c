namespace KeypointPipeline.Api.Pictures;

/// <summary>Answer of <c>GET /api/batches/{batch}/pictures</c>: a page of a batch's pictures with their predictions.</summary>
/// <param name="Keypoints">Names of the keypoints, in the order of <see cref="PictureFace.Points"/>.</param>
/// <param name="Total">Number of pictures that the request selects.</param>
/// <param name="Pictures">The pictures of this page.</param>
/// <param name="Note">Why not all pictures of the batch are among them; null if they are.</param>
public sealed record PictureList(IReadOnlyList<string> Keypoints, int Total, IReadOnlyList<BatchPicture> Pictures, string? Note = null);

/// <summary>A picture of a batch.</summary>
/// <param name="Image">Its name.</param>
/// <param name="Width">Width of the upright picture in pixels; null if it failed.</param>
/// <param name="Height">Height of the upright picture in pixels; null if it failed.</param>
/// <param name="Doubt">The expected error of its least certain face, as a share of the distance between the eyes or of the frame's longer
/// side; null if the model gave no usable number or 10,000 other faces are less certain.</param>
/// <param name="Error">Why the whole picture failed; null if it did not.</param>
/// <param name="Faces">Its faces, the largest first.</param>
public sealed record BatchPicture(string Image, int? Width, int? Height, double? Doubt, string? Error, IReadOnlyList<PictureFace> Faces);

/// <summary>The prediction of one face or other instance.</summary>
/// <param name="Status">The status of <c>keypoints.csv</c>, for example <c>ok</c>.</param>
/// <param name="Face">Its number in the picture, from 1; null in results of earlier versions.</param>
/// <param name="Instance">Its id; null in results of earlier versions.</param>
/// <param name="Points">x and y of each keypoint in pixels of the upright picture; null for a keypoint without prediction.</param>
/// <param name="Uncertainty">The expected error of each keypoint in pixels of the upright picture; null if the model gives none.</param>
/// <param name="Box">Left, top, width and height of the box that the frame was taken from; null if the whole picture was used.</param>
/// <param name="Angle">The box's rotation in degrees clockwise; null without a box.</param>
/// <param name="Error">Why this face failed; null if it did not.</param>
public sealed record PictureFace(
    string Status,
    int? Face,
    string? Instance,
    IReadOnlyList<IReadOnlyList<double>?>? Points,
    IReadOnlyList<double?>? Uncertainty,
    IReadOnlyList<double>? Box,
    double? Angle,
    string? Error);

/// <summary>Answer of <c>GET /api/batches/{batch}/errors</c>: why pictures failed.</summary>
/// <param name="Groups">The reasons, the most frequent first.</param>
/// <param name="Note">Why not all pictures of the batch are counted; null if they are.</param>
public sealed record BatchErrors(IReadOnlyList<ErrorGroup> Groups, string? Note = null);

/// <summary>Pictures that failed for one reason.</summary>
/// <param name="Reason">The reason. Numbers and names in it are those of the first picture.</param>
/// <param name="Pictures">Number of pictures.</param>
/// <param name="Examples">Names of the first pictures.</param>
public sealed record ErrorGroup(string Reason, int Pictures, IReadOnlyList<string> Examples);
