using System.Globalization;
using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.Pictures;

/// <summary>Collects the keypoints of a label file that names them point by point. Their order is that of the instance with the most points;
/// other names follow in the order of first mention. Names that are all whole numbers are sorted.</summary>
/// <remarks>The first instance may lack points, so its order alone says little. An instance ends where a name comes again, and at
/// <see cref="EndPicture"/>.</remarks>
/// <param name="fileName">Name of the label file, for messages.</param>
internal sealed class KeypointList(string fileName)
{
    private readonly List<string> _names = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _inInstance = new(StringComparer.Ordinal);
    private List<string> _instance = [];
    private List<string> _longest = [];

    /// <summary>Adds a keypoint unless it is there.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="where">Where the file has it, for messages: <c>task 12</c>.</param>
    /// <exception cref="RejectedFileException">The name cannot be used, or there are too many.</exception>
    public void Add(string name, string where)
    {
        if (!_inInstance.Add(name))
        {
            EndPicture();
            _inInstance.Add(name);
        }

        _instance.Add(name);
        if (!_seen.Add(name))
            return;
        if (KeypointName.FindProblem(name) is string problem)
            throw new RejectedFileException($"{fileName}, {where}: the name of the keypoint {problem}. Rename the label.");
        if (_names.Count == DatasetLimits.Keypoints)
        {
            throw new RejectedFileException($"{fileName}, {where}: there are more than {DatasetLimits.Keypoints:N0} different names of keypoints. "
                + "One name for each keypoint is expected.");
        }

        _names.Add(name);
    }

    /// <summary>Says that the points of a picture have ended.</summary>
    public void EndPicture()
    {
        if (_instance.Count > _longest.Count)
            (_longest, _instance) = (_instance, _longest);
        _instance.Clear();
        _inInstance.Clear();
    }

    /// <summary>Returns the names in their final order.</summary>
    public string[] ToNames()
    {
        EndPicture();
        return _names.TrueForAll(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            ? [.. _names.OrderBy(name => int.Parse(name, NumberStyles.None, CultureInfo.InvariantCulture))]
            : [.. _longest.Union(_names, StringComparer.Ordinal)];
    }
}
