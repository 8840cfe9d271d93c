namespace KeypointPipeline.Evaluation.Photos;

/// <summary>Finder and model together, measured on whole pictures whose instances are labelled. <c>docs/measuring.md</c> defines when a labelled
/// instance is found.</summary>
/// <param name="Pictures">Number of pictures that were searched.</param>
/// <param name="Labelled">Number of labelled instances with at least two labelled points.</param>
/// <param name="Found">How many of them were found.</param>
/// <param name="Wrong">Number of finds that are no labelled instance. A whole picture that was used because nothing was found is a find
/// too.</param>
/// <param name="FoundInDoubt">How many of the found instances have the status <c>doubtful</c> or <c>whole</c>.</param>
/// <param name="WrongInDoubt">How many of the wrong finds have one of these statuses.</param>
/// <param name="WithoutFace">Number of pictures with the status <c>no face found</c>.</param>
/// <param name="NotJudged">Number of labelled instances with fewer than two labelled points, or whose points are unchanged predictions. A find
/// on one of them counts neither as found nor as wrong.</param>
/// <param name="Errors">Errors of the found instances, as the pipeline predicts them.</param>
/// <param name="OwnCropErrors">Errors of the same instances if their frames are cropped by their labels: what a perfect finder gives. Instances
/// that cannot be cropped by their labels are left out.</param>
public sealed record PhotoEvaluation(
    int Pictures,
    int Labelled,
    int Found,
    int Wrong,
    int FoundInDoubt,
    int WrongInDoubt,
    int WithoutFace,
    int NotJudged,
    EvaluationResult Errors,
    EvaluationResult OwnCropErrors)
{
    /// <summary>Share of the labelled instances that were found, 0 to 1; null if there are none.</summary>
    public double? Recall => Labelled == 0 ? null : (double)Found / Labelled;
}

/// <summary>What the search of a picture says about one labelled instance, or about a wrong find.</summary>
/// <param name="Picture">Path of the picture in its set.</param>
/// <param name="Row">The instance's row in the label file; null for a wrong find.</param>
/// <param name="Find"><c>found</c>, <c>missed</c> or <c>wrong</c>.</param>
/// <param name="Instance">Id of the find; null if the instance was missed.</param>
/// <param name="Status">The find's <c>status</c> in <c>keypoints.csv</c>; null if the instance was missed.</param>
/// <param name="PictureError">Mean distance of the labelled points in pixels of the picture; null unless it was found.</param>
/// <param name="Nme">The same ÷ distance between the labelled eyes; null unless it was found and the eyes are labelled.</param>
public sealed record FoundInstance(string Picture, long? Row, string Find, string? Instance, string? Status, double? PictureError, double? Nme)
{
    /// <summary>The values of <see cref="Find"/>.</summary>
    public const string Right = "found", Missed = "missed", Wrong = "wrong";
}
