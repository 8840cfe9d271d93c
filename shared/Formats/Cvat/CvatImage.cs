using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Cvat;

/// <summary>A picture of a file, with the shapes that are read.</summary>
/// <param name="name">Its path as the file states it.</param>
/// <param name="subset">The subset of a project, or null.</param>
/// <param name="line">Its line in the file, from 1.</param>
internal sealed class CvatImage(string name, string? subset, int line)
{
    private const string Folder = "images/";

    /// <summary>The ending that CVAT gives frames of videos.</summary>
    private const string FrameEnding = ".PNG";

    private readonly List<CvatShape> _shapes = [];
    private int _size;

    /// <summary>Its line in the file, from 1.</summary>
    public int Line => line;

    /// <summary>Its size in pixels, or null.</summary>
    public (int Width, int Height)? Size { get; init; }

    /// <summary>The shapes in the order of the file. Empty if they are too many.</summary>
    public IReadOnlyList<CvatShape> Shapes => _shapes;

    /// <summary>Whether it has more shapes and points than <see cref="LooseRegions.MostPoints"/>.</summary>
    public bool IsTooMuch => _size > LooseRegions.MostPoints;

    /// <summary>Adds a shape, or a point to a skeleton that was added.</summary>
    public void Add(CvatShape shape, CvatShape? skeleton)
    {
        _size += IsTooMuch ? 0 : 1 + shape.Points.Count;
        if (IsTooMuch)
            _shapes.Clear();
        else if (skeleton is null)
            _shapes.Add(shape);
        else
            skeleton.Elements.Add(shape);
    }

    /// <summary>Returns the picture without instances. Its path is where CVAT puts it, if there is a file; otherwise it is the stated
    /// one.</summary>
    /// <param name="set">The set.</param>
    /// <param name="file">The label file.</param>
    public LabelledPicture ToPicture(FileSet set, SetFile file)
    {
        string own = subset is null ? name : $"{subset}/{name}";
        string place = Folder + own + (ImageNames.HasImageEnding(name) ? string.Empty : FrameEnding);
        return new LabelledPicture(set.Find(FileNames.FolderOf(file.Path) + place) is null ? own : place, []) { StatedSize = Size };
    }
}
