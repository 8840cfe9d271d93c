using KeypointPipeline.Api.Charts;
using KeypointPipeline.Api.Comparing;
using KeypointPipeline.Plots;

namespace KeypointPipeline.Api.Endpoints.Comparing;

/// <summary>Draws the errors of two models keypoint by keypoint as SVG, on the rows of <see cref="CompareModels"/>. <c>theme=dark</c> gives it
/// for a dark page. 400: a value is invalid. 404: a version is not published. 409: they cannot be compared, with the reason.</summary>
[ApiEndpoint(ReadKeypointErrors.Method, ReadKeypointErrors.Template)]
public sealed class ReadKeypointErrors(CompareModels comparison) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholders are the two versions.</summary>
    public const string Template = "models/{version}/compare/{other}/keypoints.svg";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        PlotTheme theme = ChartAnswer.ReadTheme(call);
        ModelsSideBySide both = await comparison.FindErrorsAsync(call, cancellationToken);
        return ChartAnswer.Of(
            new KeypointBars(
                [.. both.Keypoints.Select(keypoint => new KeypointBar(keypoint.Keypoint, keypoint.Labels, keypoint.First, keypoint.Second))],
                both.First,
                both.Second),
            theme);
    }
}
