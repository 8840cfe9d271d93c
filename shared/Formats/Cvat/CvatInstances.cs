using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.Cvat;

/// <summary>Puts the shapes of a picture into instances, and converts them to pixels whose centres are integers.</summary>
/// <remarks>A skeleton is an instance, and so is a shape of several points if its points are all keypoints. Other points and the boxes belong
/// together as their groups say, otherwise as <see cref="LooseRegions"/> finds.</remarks>
/// <param name="names">The keypoints.</param>
internal sealed class CvatInstances(CvatNames names)
{
    /// <summary>From pixel edges to pixel centres.</summary>
    private const double Half = 0.5;

    /// <summary>What begins the key of a group. Other keys are no ids of the file.</summary>
    private const string GroupPrefix = "group ";

    /// <summary>Returns the instances of a picture. A box or a single point that cannot be used makes all boxes and single points unusable: what
    /// belongs together would then be a guess.</summary>
    public IReadOnlyList<LabelledInstance> Of(CvatImage image)
    {
        if (image.IsTooMuch)
        {
            string problem = $"the picture has more than {LooseRegions.MostPoints:N0} shapes and points";
            return [Bad(image.Line, new RowFault(RowProblemKind.Label, Column: null, problem))];
        }

        (CvatShape Shape, RowFault? Fault)[] shapes = [.. image.Shapes.Select(shape => (shape, names.FindFault(shape)))];
        HashSet<string> split = FindSplitGroups(image);
        bool isLooseKnown = !shapes.Any(shape => shape.Fault is not null && !IsWhole(shape.Shape));
        var loose = new LooseRegions(names.Keypoints);
        for (int i = 0; i < shapes.Length; i++)
        {
            (CvatShape shape, RowFault? fault) = shapes[i];
            string? group = shape.Group is { } id && !split.Contains(id) ? GroupPrefix + id : null;
            if (fault is null && IsWhole(shape))
                AddWhole(loose, shape, group ?? $"shape {i}");
            else if (fault is null && isLooseKnown)
                AddLoose(loose, shape, group);
        }

        return
        [
            .. shapes.Where(shape => shape.Fault is not null).Select(shape => Bad(shape.Shape.Line, shape.Fault!)),
            .. loose.ToInstances(image.Line).Select(instance => instance with { Id = IdOf(instance.Id) }),
        ];
    }

    private static string? IdOf(string? key) => key?.StartsWith(GroupPrefix, StringComparison.Ordinal) == true ? key[GroupPrefix.Length..] : null;

    private static LabelledInstance Bad(int line, RowFault fault) => new(line, []) { Fault = fault };

    /// <summary>Finds the groups with two whole instances of one label.</summary>
    private HashSet<string> FindSplitGroups(CvatImage image) =>
    [
        .. image.Shapes.Where(shape => shape.Group is not null && IsWhole(shape))
            .GroupBy(shape => (shape.Group, shape.Label))
            .Where(group => group.Count() > 1)
            .Select(group => group.Key.Group!),
    ];

    /// <summary>Whether a shape is an instance by itself.</summary>
    private bool IsWhole(CvatShape shape) =>
        shape.Kind == CvatShapeKind.Skeleton || (shape.Kind == CvatShapeKind.Points && names.IsOnlyNumbered && names.IsNumbered(shape));

    private void AddWhole(LooseRegions loose, CvatShape shape, string key)
    {
        if (shape.Kind == CvatShapeKind.Points)
            AddLoose(loose, shape, key);
        foreach (CvatShape element in shape.Elements.Where(element => !element.IsOutside))
            Add(loose, names.IndexOf(element), element.Points[0], element.IsOccluded, key);
    }

    private void AddLoose(LooseRegions loose, CvatShape shape, string? key)
    {
        if (shape.Box is { } box)
        {
            PictureBox upright = box.Upright();
            loose.AddBox(key, box, upright with { Left = upright.Left - Half, Top = upright.Top - Half });
        }

        for (int i = 0; i < shape.Points.Count; i++)
            Add(loose, names.IndexOf(shape, i), shape.Points[i], shape.IsOccluded, key);
    }

    private static void Add(LooseRegions loose, int keypoint, (double X, double Y) point, bool isOccluded, string? key) =>
        loose.AddPoint(keypoint, point.X - Half, point.Y - Half, key, isOccluded ? LabelState.Occluded : LabelState.Visible);
}
