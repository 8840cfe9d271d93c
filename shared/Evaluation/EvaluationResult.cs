using System.Text.Json.Serialization;
using KeypointPipeline.Evaluation.Photos;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Evaluation;

/// <summary>Errors of a model's predictions on labelled images. Lengths are in frame pixels unless they say otherwise. Missing labels are
/// not counted.</summary>
/// <param name="Images">Number of images predicted.</param>
/// <param name="LabelledPoints">Number of labelled points compared, over all images and keypoints.</param>
/// <param name="Rmse">Root mean squared error over all labelled coordinates; null if nothing is labelled. Counts x and y separately, as
/// Kaggle does.</param>
/// <param name="MeanPixelError">Mean distance between predicted and labelled points; null if nothing is labelled.</param>
/// <param name="Nme">Normalized mean error. It is the mean over images of (mean distance of the image's labelled points ÷ distance
/// between its labelled eyes, see <paramref name="NmeBy"/>). Skips images that lack one of the two, or have both at the
/// same place. Null if no image remains.</param>
/// <param name="NmeImages">Number of images that <paramref name="Nme"/> averages.</param>
/// <param name="RmsePerKeypoint">RMSE of each keypoint; null for a keypoint that is never labelled.</param>
/// <param name="UncertaintyRatio">Calibration of the model's uncertainty: <paramref name="Rmse"/> ÷ root mean squared uncertainty of the
/// same labelled points. 1 is perfect; above 1 the model is overconfident. Null if the model gives no uncertainty.</param>
/// <param name="UncertaintyCorrelation">How well the uncertainty separates good images from bad: Spearman's rank correlation, −1 to 1, of
/// the predicted and the actual RMSE of each image's labelled points. Null if the model gives no uncertainty or all images are
/// alike.</param>
/// <param name="NmeBy">The points whose distance divides the errors in <paramref name="Nme"/>: the eye centres, or the outer eye corners if
/// the model has no eye centres. Null without NME.</param>
/// <param name="FailureRate">Share of the NME's images with an error above 10 %. Null without NME.</param>
/// <param name="AreaUnderCurve">Area under the cumulative error curve of the NME's images from 0 to 10 %, 0 to 1. Null without NME.</param>
/// <param name="CorrectPoints">Share of the labelled points of the NME's images that lie within 10 % of the same distance (PCK). Null
/// without NME.</param>
/// <param name="PictureRmse"><paramref name="Rmse"/> in pixels of the upright pictures. Null if no row was framed on a picture.</param>
/// <param name="PictureMeanError"><paramref name="MeanPixelError"/> in pixels of the upright pictures. Null as above.</param>
public sealed record EvaluationResult(
    int Images,
    long LabelledPoints,
    double? Rmse,
    double? MeanPixelError,
    double? Nme,
    int NmeImages,
    IReadOnlyDictionary<string, double?> RmsePerKeypoint,
    double? UncertaintyRatio = null,
    double? UncertaintyCorrelation = null,
    EyePairKind? NmeBy = null,
    double? FailureRate = null,
    double? AreaUnderCurve = null,
    double? CorrectPoints = null,
    double? PictureRmse = null,
    double? PictureMeanError = null)
{
    /// <summary>Finder and model together, on the whole pictures. Null if they were not searched.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PhotoEvaluation? Photos { get; init; }
}
