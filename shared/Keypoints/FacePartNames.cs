namespace KeypointPipeline.Keypoints;

/// <summary>Finds the points of eyes and mouth by their names.</summary>
/// <remarks>Names compare as <see cref="KeypointName.Normalize"/> says, without their sides and numbers: <c>left_eye_3</c>, <c>LeftEye</c> and
/// <c>eye_l</c> are points of the left eye.</remarks>
internal static class FacePartNames
{
    /// <summary>Words in names of bodies. A frame around the face would not suit their models.</summary>
    private static readonly string[] BodyWords = ["shoulder", "elbow", "wrist", "knee", "ankle", "paw", "hoof"];

    private static readonly string[] EyeWords = ["eye", "pupil", "iris"];

    /// <summary>Other things whose names contain the word for the eye.</summary>
    private static readonly string[] OtherEyeWords = ["brow", "glass"];

    private static readonly string[] MouthWords = ["mouth", "lip"];

    /// <summary>What is left of the name of an eye's or mouth's middle without the part's own word.</summary>
    private static readonly string[] MiddleWords = ["", "s", "center", "centre", "middle", "mid", "ball"];

    /// <summary>What is left of the name of a corner of the mouth.</summary>
    private static readonly string[] CornerWords = ["", "s", "corner", "end"];

    /// <summary>Finds the parts.</summary>
    /// <returns>The parts, or null if one is missing or the names are those of a body.</returns>
    public static FaceParts? Find(IReadOnlyList<string> names)
    {
        Point[] points = [.. names.Select((name, k) => Point.Of(name, k))];
        if (Array.Exists(points, point => Array.Exists(BodyWords, word => point.Rest.Contains(word, StringComparison.Ordinal))))
            return null;
        Point[] eyes = [.. points.Where(point => point.Has(EyeWords) && !point.Has(OtherEyeWords))];
        int[] right = EyeOf(eyes, Side.Right);
        int[] left = EyeOf(eyes, Side.Left);
        int[] mouth = MouthOf([.. points.Where(point => point.Has(MouthWords))]);
        return right.Length > 0 && right.Length == left.Length && mouth.Length > 0 ? new FaceParts(right, left, mouth) : null;
    }

    /// <summary>The middle of the eye, or else all of its points: both corners or a ring of lids have the same mean.</summary>
    private static int[] EyeOf(Point[] eyes, Side side)
    {
        Point[] own = [.. eyes.Where(point => point.Side == side)];
        Point[] middles = [.. own.Where(point => point.IsMiddle(EyeWords))];
        if (middles.Length == 1 || (middles.Length > 1 && middles.Length == own.Length))
            return Indices(middles);
        // A pupil that is named beside points of the lids.
        Point[] pupils = [.. own.Where(point => !point.Rest.Contains(EyeWords[0], StringComparison.Ordinal))];
        if (pupils.Length == 1)
            return Indices(pupils);
        return own.Length > 1 ? Indices(own) : [];
    }

    /// <summary>The middle of the mouth, or else its corners, or else its points without a side (lips, or a numbered outline), or else
    /// all.</summary>
    private static int[] MouthOf(Point[] mouth)
    {
        Point[] middles = [.. mouth.Where(point => point.Side == Side.None && point.IsMiddle(MouthWords))];
        if (middles.Length == 1)
            return Indices(middles);
        Point[] corners = [.. mouth.Where(point => point.Side != Side.None && point.IsOneOf(MouthWords, CornerWords))];
        if (corners.Length == 2 && corners[0].Side != corners[1].Side)
            return Indices(corners);
        Point[] central = [.. mouth.Where(point => point.Side == Side.None)];
        if (central.Length > 0)
            return Indices(central);
        return mouth.Count(point => point.Side == Side.Left) == mouth.Count(point => point.Side == Side.Right) ? Indices(mouth) : [];
    }

    private static int[] Indices(Point[] points) => [.. points.Select(point => point.Index)];

    private enum Side
    {
        None,
        Left,
        Right,
    }

    /// <summary>A keypoint's name in parts.</summary>
    /// <param name="Index">Its index in the schema.</param>
    /// <param name="Side">The first side that it says.</param>
    /// <param name="Rest">Its normalised text without sides and digits.</param>
    private sealed record Point(int Index, Side Side, string Rest)
    {
        public static Point Of(string name, int index)
        {
            var sided = SidedName.Parse(name);
            string rest = sided?.Keys()[^1].Split('\u0001')[0] ?? KeypointName.Normalize(name);
            return new Point(index, sided is null ? Side.None : sided.IsLeft ? Side.Left : Side.Right, string.Concat(rest.Where(c => !char.IsDigit(c))));
        }

        public bool Has(string[] words) => Array.Exists(words, word => Rest.Contains(word, StringComparison.Ordinal));

        public bool IsMiddle(string[] words) => IsOneOf(words, MiddleWords);

        /// <summary>Whether the name consists of a word and one of some others, in any order.</summary>
        public bool IsOneOf(string[] words, string[] others) => Array.Exists(words, word => Array.Exists(others, other => Rest == word + other || Rest == other + word));
    }
}
