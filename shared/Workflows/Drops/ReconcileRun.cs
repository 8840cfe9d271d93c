namespace KeypointPipeline.Workflows.Drops;

/// <summary>What one run of <see cref="Reconciler"/> has done in a container so far.</summary>
internal sealed class ReconcileRun(ReconcileLimits limits)
{
    /// <summary>Failed starts in a row that end a run. Whatever refuses the starts would refuse the others too, after as long a wait.</summary>
    private const int MostFailures = 10;

    private int _pages;
    private int _looks;
    private int _starts;
    private int _failures;

    /// <summary>Whether the run ends before its next page.</summary>
    public bool HasReadEnough => _pages >= limits.Pages || _looks >= limits.Looks || HasStartedEnough;

    /// <summary>Whether the run ends before its next start.</summary>
    public bool HasStartedEnough => _starts >= limits.Starts || _failures >= MostFailures;

    /// <summary>Counts a page.</summary>
    public void CountPage(int looks)
    {
        _pages++;
        _looks += looks;
    }

    /// <summary>Counts a start.</summary>
    public void CountStart(bool succeeded)
    {
        _starts++;
        _failures = succeeded ? 0 : _failures + 1;
    }
}
