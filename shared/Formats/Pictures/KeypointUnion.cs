using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.Pictures;

/// <summary>The keypoints of label files that name them more than once, for example for each category. Names compare as in
/// <see cref="KeypointNames"/>, and the first spelling counts.</summary>
/// <param name="fileName">Name of the label file, for messages.</param>
internal sealed class KeypointUnion(string fileName)
{
    /// <summary>The most keypoints of a dataset, twice as many as COCO-WholeBody's 133 would need several times over.</summary>
    public const int Most = 2_000;

    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _exact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> _normalized = new(StringComparer.Ordinal);

    /// <summary>The names so far.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Adds the names of one list, for example of a category.</summary>
    /// <param name="names">The names. Each is another keypoint.</param>
    /// <param name="place">Where the file states them, for messages: <c>category 'face'</c>.</param>
    /// <returns>For each name its index in <see cref="Names"/>.</returns>
    /// <exception cref="RejectedFileException">A name cannot be used or occurs twice, or there are too many keypoints.</exception>
    public int[] Add(IReadOnlyList<string> names, string place)
    {
        int[] indices = new int[names.Count];
        var used = new HashSet<int>();
        for (int i = 0; i < names.Count; i++)
        {
            string name = names[i].Trim();
            if (KeypointName.FindProblem(name) is string problem)
                throw new RejectedFileException($"{fileName}, {place}: the name of keypoint {i + 1} {problem}. Rename it.");

            // Two names of one list are two keypoints, also if they differ in case or separators only.
            int index = _exact.TryGetValue(name, out int exact) ? exact : FindOtherSpelling(name, used);
            if (index >= 0 && !used.Add(index))
                throw new RejectedFileException($"{fileName}, {place}: keypoint '{ShownText.Of(name)}' occurs twice. Each keypoint needs a name of its own.");
            indices[i] = index >= 0 ? index : Append(name);
            used.Add(indices[i]);
        }

        return indices;
    }

    /// <summary>Returns the index of a keypoint. The first mention adds it.</summary>
    /// <inheritdoc cref="Add(IReadOnlyList{string}, string)"/>
    public int Add(string name, string place) => Add([name], place)[0];

    private int FindOtherSpelling(string name, HashSet<int> used)
    {
        List<int> found = _normalized.GetValueOrDefault(KeypointName.Normalize(name)) ?? [];
        return found.Count == 1 && !used.Contains(found[0]) ? found[0] : -1;
    }

    private int Append(string name)
    {
        if (_names.Count == Most)
            throw new RejectedFileException($"{fileName} has more than {Most:N0} keypoints. Check that they are names of points, not of instances.");
        string form = KeypointName.Normalize(name);
        if (!_normalized.TryGetValue(form, out List<int>? spellings))
            _normalized.Add(form, spellings = []);
        spellings.Add(_names.Count);
        _exact.Add(name, _names.Count);
        _names.Add(name);
        return _names.Count - 1;
    }
}
