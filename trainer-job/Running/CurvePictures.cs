using System.Text;
using KeypointPipeline.Plots;
using KeypointPipeline.Training;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.TrainerJob.Running;

/// <summary>Writes the learning curve of a training into its folder.</summary>
internal static class CurvePictures
{
    /// <summary>Draws it as SVG and as PNG, and replaces older ones.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="metrics">The epochs in order, at least one.</param>
    /// <param name="logger">For people.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <remarks>Nothing else in a trainer needs Skia's native library. A machine that cannot load it trains all the same.</remarks>
    public static async Task WriteAsync(
        IRunFolder folder, IReadOnlyList<EpochMetrics> metrics, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            LearningCurve curve = TrainingCurve.Of(metrics);
            await folder.WriteAsync(TrainingRunFiles.CurvePicture, curve.ToPng(PlotTheme.Light), cancellationToken);
            await folder.WriteAsync(TrainingRunFiles.Curve, Encoding.UTF8.GetBytes(curve.ToSvg(PlotTheme.Light)), cancellationToken);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException)
        {
            logger.LogWarning("The learning curve could not be drawn: {Reason}", e.GetBaseException().Message);
        }
    }
}
