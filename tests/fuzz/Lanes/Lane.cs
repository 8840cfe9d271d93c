using KeypointPipeline.Serialization;

namespace KeypointPipeline.Fuzz.Tests.Lanes;

/// <summary>Feeds inputs in a process of its own: native code that crashes or never returns then costs one input, not the run.</summary>
internal static class Lane
{
    private const int ReportEvery = 500;

    /// <summary>Feeds its inputs. Reports every 500 inputs and at the end.</summary>
    /// <param name="options">The inputs.</param>
    /// <param name="output">Receives one <see cref="LaneReport"/> a line.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The process's exit code: always 0, as failures are part of the reports.</returns>
    public static async Task<int> RunAsync(LaneOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        using FlightBoard board = FlightBoard.Open(options.Board);
        using IFuzzTarget target = FuzzTargets.Open(options.Target);
        var runner = new FuzzRunner(target, options.Seed, failure => Say(new LaneReport(Failure: failure)));
        for (long number = options.First; number < options.End; number += options.Stride)
        {
            board.Number = number;
            await runner.RunAsync(number, cancellationToken);
            if (runner.Tally.Inputs == ReportEvery)
                Say(new LaneReport(runner.TakeTally()));
        }

        Say(new LaneReport(runner.TakeTally()));
        return 0;

        void Say(LaneReport report) => output.WriteLine(PipelineJson.Write(report));
    }
}
