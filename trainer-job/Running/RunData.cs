using KeypointPipeline.Datasets;
using KeypointPipeline.Splits;
using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Running;

/// <summary>The datasets of a run on this machine, open, and its row plan.</summary>
internal sealed class RunData : IDisposable
{
    private RunData(IReadOnlyList<PreparedDataset> datasets, RowPlan plan)
    {
        Datasets = datasets;
        Plan = plan;
    }

    /// <summary>The datasets: training data, then files for validation, then files for the test.</summary>
    public IReadOnlyList<PreparedDataset> Datasets { get; }

    /// <summary>The side of every row.</summary>
    public RowPlan Plan { get; }

    /// <summary>Brings the datasets to this machine and reads the plan. A run of an earlier version has none and is split as that version
    /// did.</summary>
    /// <exception cref="InvalidDataException">A dataset or the plan is damaged.</exception>
    public static async Task<RunData> FetchAsync(IRunFolder folder, TrainingRequest request, CancellationToken cancellationToken)
    {
        var opened = new List<PreparedDataset>();
        try
        {
            foreach (string id in (IEnumerable<string>)[.. request.DatasetIds, .. request.ValidationDatasetIds ?? [], .. request.TestDatasetIds ?? []])
                opened.Add(PreparedDataset.Open(await folder.FetchDatasetAsync(id, cancellationToken)));
            byte[]? file = await folder.ReadAsync(TrainingRunFiles.Rows, cancellationToken);
            RowPlan plan = file is null ? PlanAsBefore(request, opened) : RowPlanFile.Read(file, TrainingRunFiles.Rows);
            return new RunData(opened, plan);
        }
        catch
        {
            opened.ForEach(dataset => dataset.Dispose());
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PreparedDataset dataset in Datasets)
            dataset.Dispose();
    }

    private static RowPlan PlanAsBefore(TrainingRequest request, List<PreparedDataset> datasets)
    {
        DatasetKeys[] keys = [.. datasets.Select(DatasetKeys.Read)];
        return OldSplitRule.Plan(
            keys[..request.DatasetIds.Count], request.ValidationDatasetIds is null ? null : keys[request.DatasetIds.Count..]);
    }
}
