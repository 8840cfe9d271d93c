using System.Runtime.InteropServices;
using KeypointPipeline.Files;

namespace KeypointPipeline.Formats.Pictures;

/// <summary>Counts the shapes that labels have beside points and rectangles, for example polygons. They are left out.</summary>
/// <param name="kinds">What is read, for messages.</param>
internal sealed class LeftOutShapes(string kinds = "points and rectangles")
{
    /// <summary>The most kinds that are counted: the names are a stranger's.</summary>
    private const int MostKinds = 256;

    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>The kinds with their numbers, for example <c>3 polygon, 1 circle</c>; empty if there are none.</summary>
    public string Text => ShownText.List([.. _counts.Select(shape => $"{shape.Value:N0} {shape.Key}")]);

    /// <summary>What a person should know, as sentences: none if no shape was left out.</summary>
    public IEnumerable<string> Warnings => _counts.Count == 0 ? [] : [$"Other shapes are left out: {Text}. Only {kinds} are read."];

    /// <summary>Counts shapes.</summary>
    /// <param name="kind">The name of their kind.</param>
    /// <param name="count">Their number.</param>
    public void Add(string kind, long count = 1)
    {
        kind = ShownText.Of(kind);
        if (_counts.Count < MostKinds || _counts.ContainsKey(kind))
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, kind, out _) += count;
    }

    /// <summary>Counts the shapes that another part of the labels has.</summary>
    public void Add(LeftOutShapes others)
    {
        foreach ((string kind, long count) in others._counts)
            Add(kind, count);
    }
}
