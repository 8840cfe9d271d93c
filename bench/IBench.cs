namespace KeypointPipeline.Bench;

/// <summary>One measurement that anybody can repeat: <c>./keypoints bench NAME</c>. A new one is a new file and a line in
/// <c>Program.cs</c>.</summary>
internal interface IBench
{
    /// <summary>What it is called on the command line.</summary>
    string Name { get; }

    /// <summary>What it measures, in a line.</summary>
    string Description { get; }

    /// <summary>Measures.</summary>
    Task<BenchReport> RunAsync(CancellationToken cancellationToken);
}

/// <summary>What came of it.</summary>
/// <param name="Bench">Its name.</param>
/// <param name="Machine">Processor count and system.</param>
/// <param name="Rows">The figures.</param>
internal sealed record BenchReport(string Bench, string Machine, IReadOnlyList<BenchRow> Rows);

/// <summary>One figure: the median of several runs.</summary>
internal sealed record BenchRow(string What, double Median, double Fastest, double Slowest, string Unit);
