namespace KeypointPipeline.Evaluation;

/// <summary>How far a model's predictions lie from the labels. All lengths in frame pixels; missing labels count nowhere.</summary>
/// <param name="Images">Images predicted.</param>
/// <param name="LabelledPoints">Labels compared, over all images and keypoints.</param>
/// <param name="Rmse">Root of the mean squared error over all labelled coordinates (x and y counted singly, as Kaggle does); null
/// where nothing is labelled.</param>
/// <param name="MeanPixelError">Mean distance between predicted and labelled point; null where nothing is labelled.</param>
/// <param name="Nme">Mean over images of (mean distance of the image's labelled points ÷ distance between its labelled
/// <c>left_eye_center</c> and <c>right_eye_center</c>); images without both, or with both on one spot, are left out; null where
/// none is left.</param>
/// <param name="NmeImages">Images that <paramref name="Nme"/> is the mean of.</param>
/// <param name="RmsePerKeypoint">As <paramref name="Rmse"/>, for each keypoint; null where it is never labelled.</param>
/// <param name="UncertaintyRatio">How well calibrated the model's uncertainty is: <paramref name="Rmse"/> ÷ root of the mean squared
/// uncertainty of the same labelled points. 1 is perfect, above 1 the model is too sure. Null where it gives none.</param>
/// <param name="UncertaintyCorrelation">How well the uncertainty tells good images from bad: Spearman's rank correlation, over the
/// images, of predicted and actual RMSE of an image's labelled points, −1 to 1. Null where the model gives none, or all images are
/// alike.</param>
public sealed record EvaluationResult(
    int Images,
    long LabelledPoints,
    double? Rmse,
    double? MeanPixelError,
    double? Nme,
    int NmeImages,
    IReadOnlyDictionary<string, double?> RmsePerKeypoint,
    double? UncertaintyRatio = null,
    double? UncertaintyCorrelation = null);
