using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Loop;

/// <summary>The covariance of a network's residuals at the keypoints of one image. Many errors affect a whole face (shifted, too
/// small, rotated), so the residuals at labelled keypoints predict those at the other keypoints.</summary>
/// <remarks>Memory and time of one covariance grow with the square and the cube of the number of keypoints: measured for 64 rows, 47 MB at 68
/// keypoints, 2.4 GB at 500, and 0.6 GB for each row at 2,000. So more than <see cref="LargestGroup"/> keypoints are divided into groups, and
/// residuals predict only others of their group. Neighbours in the schema go to different groups, so that each group is spread over the whole
/// image. A part that nobody labelled is then predicted from the others. Up to that limit there is one group.</remarks>
public sealed class ResidualCovariance : IDisposable
{
    /// <summary>Maximum number of keypoints in a group. 64 rows then need about 190 MB.</summary>
    public const int LargestGroup = 128;

    private readonly GroupCovariance[] _groups;

    /// <summary>Estimates the covariance.</summary>
    /// <param name="residuals">N×K×2, label minus prediction, frame pixels; NaN = missing.</param>
    /// <param name="frameWidth">Frame width, pixels.</param>
    public ResidualCovariance(Tensor residuals, int frameWidth)
    {
        using DisposeScope scope = NewDisposeScope();
        int groups = (int)((residuals.shape[1] + LargestGroup - 1) / LargestGroup);
        _groups = [.. Enumerable.Range(0, groups).Select(group => new GroupCovariance(Of(residuals, group, groups), frameWidth))];
    }

    /// <summary>The expected residuals at all keypoints, given those at the labelled keypoints.</summary>
    /// <param name="residuals">N×K×2 frame pixels; NaN = missing.</param>
    /// <returns>float32 N×K×2, relative to the mean residual; 0 at all keypoints of a group of which none is labelled.</returns>
    public Tensor Expect(Tensor residuals)
    {
        if (_groups.Length == 1)
            return _groups[0].Expect(residuals);
        using DisposeScope scope = NewDisposeScope();
        Tensor expected = empty(residuals.shape, ScalarType.Float32, residuals.device);
        for (int group = 0; group < _groups.Length; group++)
        {
            using DisposeScope groupScope = NewDisposeScope();
            Of(expected, group, _groups.Length).copy_(_groups[group].Expect(Of(residuals, group, _groups.Length)));
        }

        return expected.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (GroupCovariance group in _groups)
            group.Dispose();
    }

    /// <summary>A view of every n-th keypoint, n being the number of groups.</summary>
    private static Tensor Of(Tensor residuals, int group, int groups) => residuals.slice(1, group, residuals.shape[1], groups);
}
