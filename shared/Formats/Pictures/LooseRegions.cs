using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.Pictures;

/// <summary>Puts the points and boxes of one picture into instances, for tools that list them side by side.</summary>
/// <remarks>A point belongs to the box that the file states. Otherwise it belongs to the only box of the picture, or to the only box around it
/// that lacks this keypoint. Points of a picture without boxes are one instance. What remains unclear is a bad row and no guess. Points that
/// the file links without a box get the only box around all of them, unless another instance claims it.</remarks>
/// <param name="keypoints">Keypoint names.</param>
internal sealed class LooseRegions(IReadOnlyList<string> keypoints)
{
    /// <summary>The most points of a picture.</summary>
    public const int MostPoints = 65_536;

    /// <summary>The most instances of a picture.</summary>
    public const int MostInstances = 1_024;

    /// <summary>How far a point may be outside its box, as a share of the box's sides: a jaw often crosses it.</summary>
    private const double Overhang = 0.1;

    private const int MostRounds = 8;
    private readonly List<Draft> _drafts = [];
    private readonly Dictionary<string, Draft> _byKey = new(StringComparer.Ordinal);
    private readonly List<LoosePoint> _points = [];
    private bool _isTooMuch;

    /// <summary>Adds a box.</summary>
    /// <param name="key">The box's own id or the instance's id, or null.</param>
    /// <param name="box">The box.</param>
    /// <param name="extent">The upright box around it.</param>
    public void AddBox(string? key, PictureBox box, PictureBox extent)
    {
        Draft draft = DraftOf(key);
        draft.Problem ??= draft.Box is null ? null : (null, "has two boxes. Keep one of them.");
        draft.Box ??= box;
        draft.Extent ??= extent;
    }

    /// <summary>Adds a point.</summary>
    /// <param name="keypoint">Index of its keypoint.</param>
    /// <param name="x">Its x, in the unit of the boxes.</param>
    /// <param name="y">Its y.</param>
    /// <param name="key">The id of its box or instance, or null if the file states none.</param>
    /// <param name="state">Its state: <see cref="LabelState.Labelled"/> if the file states no visibility.</param>
    public void AddPoint(int keypoint, double x, double y, string? key, LabelState state = LabelState.Labelled)
    {
        if (_points.Count < MostPoints)
            _points.Add(new LoosePoint(keypoint, x, y, key, state));
        else
            _isTooMuch = true;
    }

    /// <summary>Returns the instances, in the order of first mention.</summary>
    /// <param name="row">The number of the picture's row or task, for messages.</param>
    public IReadOnlyList<LabelledInstance> ToInstances(long row)
    {
        foreach (LoosePoint point in _points.Where(point => point.Key is not null))
            DraftOf(point.Key).Take(point, keypoints);
        if (_isTooMuch)
            return [Bad(row, null, $"the picture has more than {MostPoints:N0} points or {MostInstances:N0} instances")];
        GiveBoxes();
        List<LoosePoint> left = Distribute([.. _points.Where(point => point.Key is null)]);
        var instances = _drafts.ConvertAll(draft => draft.ToInstance(row, keypoints.Count));
        if (left.Count > 0)
        {
            string names = ShownText.List([.. left.Select(point => keypoints[point.Keypoint]).Distinct(StringComparer.Ordinal)]);
            instances.Add(Bad(row, names, "lies in no box or in several, and nothing says to which instance it belongs. Link the points to their box."));
        }

        return instances;
    }

    /// <summary>Gives each instance without a box the only free box around all its points. A box that several instances claim in one round goes
    /// to none of them.</summary>
    private void GiveBoxes()
    {
        Draft[] boxes = [.. _drafts.Where(draft => draft is { Box: not null, HasKey: false })];
        Draft[] open = boxes.Length == 0 ? [] : [.. _drafts.Where(draft => draft.Box is null)];
        Draft[][] around = [.. open.Select(draft => Around(boxes, draft.Points))];
        var given = new HashSet<Draft>();
        bool hasChanged = true;
        for (int round = 0; hasChanged && round < MostRounds; round++)
        {
            IGrouping<Draft, Draft>[] claims =
            [
                .. open.Zip(around, (draft, candidates) => (Draft: draft, Boxes: candidates.Where(box => !given.Contains(box)).Take(2).ToArray()))
                    .Where(claim => claim.Draft.Box is null && claim.Boxes.Length == 1)
                    .GroupBy(claim => claim.Boxes[0], claim => claim.Draft)
                    .Where(claim => claim.Count() == 1),
            ];
            hasChanged = claims.Length > 0;
            foreach (IGrouping<Draft, Draft> claim in claims)
            {
                claim.Single().TakeBox(claim.Key);
                given.Add(claim.Key);
            }
        }

        _drafts.RemoveAll(given.Contains);
    }

    private List<LoosePoint> Distribute(List<LoosePoint> points)
    {
        Draft[] boxes = [.. _drafts.Where(draft => draft.Box is not null)];
        if (boxes.Length == 0 || (boxes.Length == 1 && _drafts.Count == 1))
        {
            if (points.Count == 0)
                return points;
            Draft only = boxes.Length == 1 ? boxes[0] : DraftOf(key: null);
            foreach (LoosePoint point in points)
                only.Take(point, keypoints);
            return [];
        }

        Draft[][] around = [.. points.Select(point => Around(boxes, [point]))];
        bool[] isTaken = new bool[points.Count];
        bool hasChanged = true;
        for (int round = 0; hasChanged && round < MostRounds; round++)
        {
            hasChanged = false;
            for (int i = 0; i < points.Count; i++)
            {
                LoosePoint point = points[i];
                if (isTaken[i] || around[i].Where(draft => !draft.Has(point.Keypoint)).Take(2).ToArray() is not [var draft])
                    continue;
                draft.Take(point, keypoints);
                isTaken[i] = true;
                hasChanged = true;
            }
        }

        return [.. points.Where((_, i) => !isTaken[i])];
    }

    private static Draft[] Around(Draft[] boxes, IReadOnlyCollection<LoosePoint> points)
    {
        Draft[] inside = Array.FindAll(boxes, draft => points.All(point => draft.Contains(point, overhang: 0)));
        return inside.Length > 0 ? inside : Array.FindAll(boxes, draft => points.All(point => draft.Contains(point, Overhang)));
    }

    private Draft DraftOf(string? key)
    {
        if (key is not null && _byKey.TryGetValue(key, out Draft? known))
            return known;
        var draft = new Draft(key);
        if (_drafts.Count < MostInstances)
            _drafts.Add(draft);
        else
            _isTooMuch = true;
        if (key is not null && !_isTooMuch)
            _byKey.Add(key, draft);
        return draft;
    }

    private static LabelledInstance Bad(long row, string? column, string problem) =>
        new(row, []) { Fault = new RowFault(RowProblemKind.Label, column, problem) };

    private readonly record struct LoosePoint(int Keypoint, double X, double Y, string? Key, LabelState State);

    /// <summary>An instance that is put together.</summary>
    private sealed class Draft(string? key)
    {
        private readonly Dictionary<int, LoosePoint> _points = [];

        public bool HasKey => key is not null;

        public IReadOnlyCollection<LoosePoint> Points => _points.Values;

        public PictureBox? Box { get; set; }

        public PictureBox? Extent { get; set; }

        public (string? Column, string Text)? Problem { get; set; }

        public bool Has(int keypoint) => _points.ContainsKey(keypoint);

        public void Take(LoosePoint point, IReadOnlyList<string> keypoints)
        {
            if (!_points.TryAdd(point.Keypoint, point))
            {
                Problem ??= (keypoints[point.Keypoint],
                    "is there twice, and nothing says which points belong together. Draw a box around each instance, or remove one of the points.");
            }
        }

        public void TakeBox(Draft other) => (Box, Extent) = (other.Box, other.Extent);

        public bool Contains(LoosePoint point, double overhang)
        {
            PictureBox box = Extent!;
            double left = box.Left - (overhang * box.Width);
            double top = box.Top - (overhang * box.Height);
            return point.X >= left && point.X <= left + ((1 + (2 * overhang)) * box.Width)
                && point.Y >= top && point.Y <= top + ((1 + (2 * overhang)) * box.Height);
        }

        public LabelledInstance ToInstance(long row, int count)
        {
            if (Problem is { } problem)
                return Bad(row, problem.Column, problem.Text);
            float[] points = new float[2 * count];
            var states = new LabelState[count];
            Array.Fill(points, float.NaN);
            foreach (LoosePoint point in _points.Values)
                (points[2 * point.Keypoint], points[(2 * point.Keypoint) + 1], states[point.Keypoint]) = ((float)point.X, (float)point.Y, point.State);
            bool statesVisibility = _points.Values.Any(point => point.State != LabelState.Labelled);
            return new LabelledInstance(row, points) { Box = Box, Id = key, States = statesVisibility ? states : null };
        }
    }
}
