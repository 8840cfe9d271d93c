using System.Text.RegularExpressions;

namespace KeypointPipeline.Keypoints;

/// <summary>A published order of numbered points of upright faces or people, with its left and right points.</summary>
/// <param name="Name">Its name, for reports.</param>
/// <param name="Count">Number of points.</param>
/// <param name="Pairs">Indices of points that change places in a mirrored image. The first lies left in the image of a person who looks
/// into the camera.</param>
/// <param name="Upper">Indices whose mean is above that of <paramref name="Lower"/> in an upright image.</param>
/// <param name="Lower">Indices below.</param>
internal sealed partial record PublishedOrder(
    string Name, int Count, IReadOnlyList<(int Left, int Right)> Pairs, IReadOnlyList<int> Upper, IReadOnlyList<int> Lower)
{
    /// <summary>The orders, each with another number of points.</summary>
    private static readonly PublishedOrder[] All =
    [
        // 300-W (iBUG): jaw, brows, nose, eyes, mouth.
        new("68 iBUG", 68,
            [
                .. Opposite(0, 16, 8), .. Opposite(17, 26, 5), .. Opposite(31, 35, 2),
                (36, 45), (37, 44), (38, 43), (39, 42), (40, 47), (41, 46),
                .. Opposite(48, 54, 3), (59, 55), (58, 56), .. Opposite(60, 64, 2), (67, 65),
            ],
            Upper: [.. Enumerable.Range(36, 12)],
            Lower: [.. Enumerable.Range(48, 20)])
        {
            OuterEyeCorners = (36, 45),
            Face = new([.. Enumerable.Range(36, 6)], [.. Enumerable.Range(42, 6)], [.. Enumerable.Range(48, 20)]),
        },

        // WFLW: jaw, brows, nose, eyes, mouth, pupils.
        new("98 WFLW", 98,
            [
                .. Opposite(0, 32, 16), .. Opposite(33, 46, 5), (38, 50), (39, 49), (40, 48), (41, 47), .. Opposite(55, 59, 2),
                .. Opposite(60, 72, 5), (65, 75), (66, 74), (67, 73),
                .. Opposite(76, 82, 3), (87, 83), (86, 84), .. Opposite(88, 92, 2), (95, 93), (96, 97),
            ],
            Upper: [.. Enumerable.Range(60, 16)],
            Lower: [.. Enumerable.Range(76, 20)])
        {
            OuterEyeCorners = (60, 72),
            Face = new([.. Enumerable.Range(60, 8)], [.. Enumerable.Range(68, 8)], [.. Enumerable.Range(76, 20)]),
        },

        // CelebA, MTCNN and others: eyes, nose, corners of the mouth.
        new("5 CelebA", 5, [(0, 1), (3, 4)], Upper: [0, 1], Lower: [3, 4]) { Face = new([0], [1], [3, 4]) },

        // COCO: nose, then the person's left and right eye, ear, shoulder, elbow, wrist, hip, knee and ankle.
        new("17 COCO", 17, [.. Enumerable.Range(0, 8).Select(i => ((2 * i) + 2, (2 * i) + 1))], Upper: [5, 6], Lower: [11, 12]),
    ];

    /// <summary>The outer corners of the eyes that lie left and right in the image; null if the order has none.</summary>
    public (int Left, int Right)? OuterEyeCorners { get; private init; }

    /// <summary>The points of eyes and mouth; null if the order has no mouth.</summary>
    public OrderedFace? Face { get; private init; }

    /// <summary>Finds the order that names may follow, if they only number the points: all have the same text around whole numbers from 0
    /// or 1 on, such as <c>0</c> … <c>67</c> or <c>point_1</c> … <c>point_68</c>.</summary>
    /// <returns>The order, and for each of its points the index in <paramref name="names"/>; null if the names do not only number the
    /// points, or no order has this many.</returns>
    public static (PublishedOrder Order, int[] Indices)? Find(IReadOnlyList<string> names)
    {
        if (Array.Find(All, order => order.Count == names.Count) is not { } found)
            return null;
        (string Text, int Number)[] points = [.. names.Select(Split)];
        int first = points.Min(point => point.Number);
        int[] indices = [.. points.Select((point, k) => (point.Number, k)).OrderBy(point => point.Number).Select(point => point.k)];
        bool numbered = first is 0 or 1
            && Array.TrueForAll(points, point => point.Text == points[0].Text)
            && indices.Select((k, i) => points[k].Number == first + i).All(follows => follows);
        return numbered ? (found, indices) : null;
    }

    /// <summary>Pairs of points that count up from the left and down from the right.</summary>
    private static IEnumerable<(int Left, int Right)> Opposite(int left, int right, int count) =>
        Enumerable.Range(0, count).Select(i => (left + i, right - i));

    private static (string Text, int Number) Split(string name) => NumberedName().Match(name) is { Success: true } match
        ? ($"{match.Groups["before"].Value}#{match.Groups["after"].Value}", int.Parse(match.Groups["number"].ValueSpan))
        : (name, -1);

    [GeneratedRegex(@"^(?<before>\D*)(?<number>[0-9]{1,3})(?<after>\D*)$", RegexOptions.NonBacktracking)]
    private static partial Regex NumberedName();
}

/// <summary>The points of a published order that belong to eyes and mouth.</summary>
/// <param name="LeftInImage">The eye that lies left in the image of a person who looks into the camera.</param>
/// <param name="RightInImage">The other eye.</param>
/// <param name="Mouth">Points whose mean is the middle of the mouth.</param>
internal sealed record OrderedFace(IReadOnlyList<int> LeftInImage, IReadOnlyList<int> RightInImage, IReadOnlyList<int> Mouth);
