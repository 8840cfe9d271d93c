using KeypointPipeline.Datasets;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Splits;

namespace KeypointPipeline.Api.Comparing;

/// <summary>Predicts the same rows with two models of one frame, and compares their errors.</summary>
/// <param name="first">The first model.</param>
/// <param name="second">The second model. Its frame has the same size.</param>
/// <param name="rows">The datasets of the rows, with the rows loaded.</param>
internal sealed class ModelPair(KeypointModel first, KeypointModel second, IReadOnlyList<SampledRows> rows)
{
    private readonly IReadOnlyList<int> _secondIndex = KeypointMatch.Between(first.Schema, second.Schema).ToTarget;

    /// <summary>Predicts rows and compares the errors.</summary>
    /// <param name="planned">The rows.</param>
    /// <returns>The errors of each keypoint that both models predict, and the rows in the given order.</returns>
    public (IReadOnlyList<KeypointErrors> Keypoints, IReadOnlyList<ComparedRow> Rows) Compare(IReadOnlyList<PlannedRow> planned)
    {
        int[] keypoints = [.. Enumerable.Range(0, first.Schema.Count).Where(k => _secondIndex[k] >= 0)];
        float[] labels = Labels(planned);
        float[] byFirst = Predict(first, planned);
        float[] bySecond = Predict(second, planned);
        var tallies = keypoints.ToDictionary(k => k, _ => new Tally());
        var compared = new List<ComparedRow>(planned.Count);
        for (int i = 0; i < planned.Count; i++)
        {
            var row = new Tally();
            foreach (int k in keypoints)
            {
                (float x, float y) = Point(labels, first.Schema, i, k);
                if (float.IsNaN(x) || float.IsNaN(y))
                    continue;
                (float x, float y) one = Point(byFirst, first.Schema, i, k);
                (float x, float y) other = Point(bySecond, second.Schema, i, _secondIndex[k]);
                if (!float.IsFinite(one.x + one.y + other.x + other.y))
                    continue;
                double oneDistance = double.Hypot(one.x - x, one.y - y);
                double otherDistance = double.Hypot(other.x - x, other.y - y);
                tallies[k].Add(oneDistance, otherDistance);
                row.Add(oneDistance, otherDistance);
            }

            compared.Add(new ComparedRow(
                rows[planned[i].Dataset].Manifest.DatasetId,
                planned[i].Row,
                [.. keypoints.Select(k => Shown(Point(labels, first.Schema, i, k)))],
                [.. keypoints.Select(k => Shown(Point(byFirst, first.Schema, i, k)))],
                [.. keypoints.Select(k => Shown(Point(bySecond, second.Schema, i, _secondIndex[k])))],
                row.Mean(row.First),
                row.Mean(row.Second)));
        }

        return ([.. keypoints.Select(k => tallies[k].ToErrors(first.Schema.Names[k]))], compared);
    }

    private float[] Labels(IReadOnlyList<PlannedRow> planned)
    {
        var schemaRows = new SchemaRows(rows, first.Schema);
        int coordinates = first.Schema.Count * 2;
        float[] labels = new float[planned.Count * coordinates];
        for (int i = 0; i < planned.Count; i++)
            schemaRows.CopyKeypoints(planned[i].Dataset, planned[i].Row, labels.AsSpan(i * coordinates, coordinates));
        return labels;
    }

    private float[] Predict(KeypointModel model, IReadOnlyList<PlannedRow> planned)
    {
        var schemaRows = new SchemaRows(rows, model.Schema);
        byte[] images = new byte[planned.Count * model.Schema.FrameSize];
        for (int i = 0; i < planned.Count; i++)
            schemaRows.CopyImage(planned[i].Dataset, planned[i].Row, images.AsSpan(i * model.Schema.FrameSize, model.Schema.FrameSize));
        float[] points = new float[planned.Count * model.Schema.Count * 2];
        model.Predict(images, planned.Count, points);
        return points;
    }

    private static (float X, float Y) Point(float[] coordinates, KeypointSchema schema, int row, int keypoint)
    {
        int at = ((row * schema.Count) + keypoint) * 2;
        return (coordinates[at], coordinates[at + 1]);
    }

    private static IReadOnlyList<float>? Shown((float X, float Y) point) =>
        float.IsFinite(point.X) && float.IsFinite(point.Y) ? [point.X, point.Y] : null;

    /// <summary>Sums of the errors of both models on the same labels.</summary>
    private sealed class Tally
    {
        private int _labels;
        private double _firstSquares;
        private double _secondSquares;

        public double First { get; private set; }

        public double Second { get; private set; }

        public void Add(double firstDistance, double secondDistance)
        {
            _labels++;
            First += firstDistance;
            Second += secondDistance;
            _firstSquares += firstDistance * firstDistance;
            _secondSquares += secondDistance * secondDistance;
        }

        public double? Mean(double sum) => _labels == 0 ? null : sum / _labels;

        /// <summary>x and y count separately, as in all figures of RMSE.</summary>
        public KeypointErrors ToErrors(string name) => new(name, _labels, Rmse(_firstSquares), Rmse(_secondSquares));

        private double? Rmse(double squares) => _labels == 0 ? null : Math.Sqrt(squares / (2 * _labels));
    }
}
