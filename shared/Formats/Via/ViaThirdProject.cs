using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Json;
using KeypointPipeline.Images;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Via;

/// <summary>Reads projects of VIA 3. The file is read twice, streaming: first attributes, files and views, then the regions, which name
/// them.</summary>
internal static class ViaThirdProject
{
    private const string AttributeMember = "attribute";
    private const string FileMember = "file";
    private const string ViewMember = "view";
    private const string RegionMember = "metadata";
    private const double PointShape = 1;
    private const double RectangleShape = 2;
    private const double ImageFile = 2;

    /// <summary>Number of the shape, left, top, width and height.</summary>
    private const int RectangleNumbers = 5;

    /// <summary>From pixel edges to pixel centres.</summary>
    private const double HalfPixel = 0.5;

    /// <summary>The names of the other shapes, from 3.</summary>
    private static readonly string[] OtherShapes = ["circle", "ellipse", "line", "polyline", "polygon", "extreme rectangle", "extreme circle"];

    /// <summary>Reads the regions of all pictures.</summary>
    /// <param name="set">The set.</param>
    /// <param name="file">The project.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="RejectedFileException">The file cannot be read on.</exception>
    public static async IAsyncEnumerable<ViaRegion> ReadAsync(FileSet set, SetFile file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var project = new Project(FileNames.OwnName(file.Path));
        await foreach (JsonPiece piece in PiecesAsync(set, file, [AttributeMember, FileMember, ViewMember], cancellationToken))
            project.Add(piece);
        foreach (ProjectPicture picture in project.Pictures)
            yield return new ViaRegion(file.Path, picture.Number, picture.Name);
        await foreach (JsonPiece piece in PiecesAsync(set, file, [RegionMember], cancellationToken))
        {
            using JsonDocument region = piece.Parse();
            if (Read(file.Path, project, ShownText.Of(piece.Name), region.RootElement) is { } read)
                yield return read;
        }
    }

    private static async IAsyncEnumerable<JsonPiece> PiecesAsync(
        FileSet set, SetFile file, string[] members, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = new ShortenedBase64(await NamedFile.Of(set, file).OpenAsync(cancellationToken));
        await foreach (JsonPiece piece in new JsonElements(stream, FileNames.OwnName(file.Path), members) { AreMembers = true }.ReadAsync(cancellationToken))
            yield return piece;
    }

    /// <summary>Reads a region. Returns null for what is said about a picture, a video or a file of sound as a whole.</summary>
    private static ViaRegion? Read(string file, Project project, string name, JsonElement metadata)
    {
        string column = $"{RegionMember}.{name}";
        if (metadata.Find("xy") is not { ValueKind: JsonValueKind.Array } xy || xy.GetArrayLength() == 0)
            return null;
        if (metadata.Find("z") is { ValueKind: JsonValueKind.Array } times && times.GetArrayLength() > 0)
            return new ViaRegion(file, 1, string.Empty) { OtherShape = "region of a video" };
        if (project.PictureOf(metadata.FindId("vid")) is not { } picture)
        {
            return new ViaRegion(file, 1, string.Empty)
            {
                Fault = new RowFault(RowProblemKind.PictureMissing, $"{column}.vid", "names no view of the project with one picture"),
            };
        }

        var region = new ViaRegion(file, picture.Number, picture.Name)
        {
            ShapeColumn = $"{column}.xy",
            AttributesColumn = $"{column}.av",
            Attributes = project.AttributesOf(metadata.Find("av")),
        };
        return WithShape(region, [.. xy.EnumerateArray().Take(RectangleNumbers + 1).Select(Number)]);
    }

    private static ViaRegion WithShape(ViaRegion region, double?[] xy) => xy switch
    {
        [PointShape, { } x, { } y] => region with { Point = (x - HalfPixel, y - HalfPixel) },
        [PointShape, ..] => region with { Fault = new RowFault(RowProblemKind.NotANumber, region.ShapeColumn, "a point needs the numbers 1, x and y") },
        [RectangleShape, { } left, { } top, > 0 and var width, > 0 and var height] => region with { Box = new PictureBox(left, top, width, height) },
        [RectangleShape, ..] => region with
        {
            Fault = new RowFault(RowProblemKind.Box, region.ShapeColumn, "a rectangle needs the numbers 2, x, y, width and height, the last two more than 0"),
        },
        [{ } shape, ..] when shape - RectangleShape - 1 is >= 0 and var other && other < OtherShapes.Length => region with { OtherShape = OtherShapes[(int)other] },
        _ => region with { Fault = new RowFault(RowProblemKind.Label, region.ShapeColumn, "does not begin with the number of a shape, 1 to 9") },
    };

    private static double? Number(JsonElement element) => element.AsNumber() is double number && Math.Abs(number) < ViaRegion.Largest ? number : null;

    /// <param name="Number">Number of the picture's view in the project, from 1.</param>
    /// <param name="Name">Its path or name, as the project states it.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct ProjectPicture(long Number, string Name);

    /// <summary>What regions refer to.</summary>
    /// <param name="fileName">Name of the project, for messages.</param>
    private sealed class Project(string fileName)
    {
        /// <summary>The most pictures, which are in memory by name: twice as many as a zip may hold files.</summary>
        private const int MostPictures = 500_000;

        /// <summary>The most attributes. More are not attributes that a person defined.</summary>
        private const int MostAttributes = 256;

        private readonly Dictionary<string, (string Name, Dictionary<string, string> Options)> _attributes = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);
        private readonly Dictionary<string, (long Number, string File)> _views = new(StringComparer.Ordinal);

        /// <summary>The pictures that are views of their own.</summary>
        public IEnumerable<ProjectPicture> Pictures => _views.Keys.Select(PictureOf).OfType<ProjectPicture>();

        /// <summary>Returns the picture of a view, or null if it shows no picture, or several files.</summary>
        public ProjectPicture? PictureOf(string? view) =>
            view is not null && _views.TryGetValue(view, out (long Number, string File) shown) && _files.TryGetValue(shown.File, out string? name)
                ? new ProjectPicture(shown.Number, name)
                : null;

        /// <summary>Takes a member of the project's attributes, files or views.</summary>
        public void Add(JsonPiece piece)
        {
            using JsonDocument document = piece.Parse();
            JsonElement value = document.RootElement;
            if (piece.Member == AttributeMember && _attributes.Count < MostAttributes)
                _attributes[piece.Name] = (value.FindText("aname")?.Trim() ?? string.Empty, OptionsOf(value.Find("options")));
            else if (piece.Member == FileMember && value.FindNumber("type") == ImageFile)
                _files[piece.Name] = value.FindText("fname") is { Length: > 0 } name ? name : value.FindText("src") ?? string.Empty;
            else if (piece.Member == ViewMember && value.Find("fid_list") is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 1)
                _views[piece.Name] = (piece.Number, list[0].AsId() ?? string.Empty);
            if (Math.Max(_files.Count, _views.Count) > MostPictures)
                throw new RejectedFileException($"{fileName} has more than {MostPictures:N0} files or views. Split the project.");
        }

        /// <summary>Returns the attributes that are filled in. Options count by their text; of ticked boxes, the only ticked one counts.</summary>
        public List<(string Name, string Value)> AttributesOf(JsonElement? values)
        {
            var filled = new List<(string Name, string Value)>();
            foreach ((string id, (string name, Dictionary<string, string> options)) in _attributes)
            {
                string value = values?.FindId(id)?.Trim() ?? string.Empty;
                string text = options.GetValueOrDefault(value) ?? (options.Count == 0 ? value : string.Empty);
                if (name.Length > 0 && text.Length > 0)
                    filled.Add((name, text));
            }

            return filled;
        }

        private static Dictionary<string, string> OptionsOf(JsonElement? options)
        {
            var texts = new Dictionary<string, string>(StringComparer.Ordinal);
            if (options is not { ValueKind: JsonValueKind.Object } members)
                return texts;
            foreach (JsonProperty option in members.EnumerateObject().Take(DatasetLimits.Keypoints))
            {
                if (option.NameAsText() is { } id && option.Value.AsText()?.Trim() is { Length: > 0 } text)
                    texts[id] = text;
            }

            return texts;
        }
    }
}
