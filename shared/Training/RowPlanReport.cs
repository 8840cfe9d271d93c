using System.Text.Json.Serialization;

namespace KeypointPipeline.Training;

/// <summary>What the row plan of a training (<see cref="TrainingRunFiles.Rows"/>) says, for people. Stored in <c>request.json</c> and in
/// the model's manifest.</summary>
/// <param name="TrainingRows">Number of rows that the network learns from.</param>
/// <param name="ValidationRows">Number of rows that choose the epoch and calibrate the uncertainty.</param>
/// <param name="TestRows">Number of rows that measure the finished model.</param>
/// <param name="TestComponents">Number of components of the test rows. Rows of one component share pictures or groups.</param>
/// <param name="LeftOutRows">Number of rows left out, because they share a picture or a group with a file given for validation or
/// test.</param>
/// <param name="LargestComponent">Number of rows in the largest component.</param>
/// <param name="JoinedBy">What joined the largest component: <c>group</c>, <c>picture</c> or <c>group and picture</c>; null if it is a
/// single row.</param>
/// <param name="Apart">Datasets in force that the training does not use, because their keypoints have other names: one text for each
/// group of datasets that belong together. Null if there are none.</param>
/// <param name="SharedRows">Number of training rows that share a picture or a group with the file given for validation or test. It is not
/// 0 only if no other row would be left to train on. The errors on that file then say nothing about other pictures.</param>
/// <param name="Framings">Says that the datasets have several framings, and which one the model has. Null if they have one.</param>
/// <param name="TrainingComponents">Number of components of the training rows; null in reports of earlier versions.</param>
/// <param name="ValidationComponents">Number of components of the validation rows; null in reports of earlier versions.</param>
public sealed record RowPlanReport(
    int TrainingRows,
    int ValidationRows,
    int TestRows,
    int TestComponents,
    int LeftOutRows,
    int LargestComponent,
    string? JoinedBy,
    IReadOnlyList<string>? Apart = null,
    int SharedRows = 0,
    string? Framings = null,
    int? TrainingComponents = null,
    int? ValidationComponents = null)
{
    /// <summary>Warns that the errors measured on a given file say nothing about other pictures; null if they do.</summary>
    [JsonIgnore]
    public string? Warning => SharedRows == 0
        ? null
        : $"{SharedRows:N0} training rows share a picture or a group with a given file, and no other row is left to train on. "
            + "The errors on that file say nothing about other pictures.";

    /// <summary>Describes the plan in sentences.</summary>
    public override string ToString()
    {
        string sides = $"{TrainingRows:N0} rows train, {ValidationRows:N0} validate, {TestRows:N0} test ({TestComponents:N0} independent)";
        string leftOut = LeftOutRows > 0 ? $"; {LeftOutRows:N0} are left out, because they share a picture or a group with a given file" : "";
        string largest = JoinedBy is null ? "" : $". The largest component has {LargestComponent:N0} rows, joined by {JoinedBy}";
        string apart = Apart is null ? "" : $". Not used, because of other keypoints: {string.Join("; ", Apart)}";
        string framings = Framings is null ? "" : $" {Framings}";
        return $"{sides}{leftOut}{largest}{apart}.{framings}";
    }
}
