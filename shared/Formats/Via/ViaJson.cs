using System.Runtime.CompilerServices;
using System.Text.Json;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Json;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Via;

/// <summary>Reads VIA's JSON: exported annotations of VIA 1 and 2, whose members are pictures; projects of VIA 2, which have them in a member; and
/// projects of VIA 3.</summary>
internal static class ViaJson
{
    private const string ProjectPictures = "_via_img_metadata";

    /// <summary>Whether a file is one of these. Pictures without regions may come first.</summary>
    public static bool Recognises(LabelFileStart start) =>
        start.Text.StartsWith('{') && (IsProject(start) || IsThirdProject(start) || (Has(start, "regions") && Has(start, "file_attributes")));

    /// <summary>Reads the regions of all pictures, streaming: one picture is in memory at a time.</summary>
    /// <param name="set">The set.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="RejectedFileException">The file cannot be read on.</exception>
    public static async IAsyncEnumerable<ViaRegion> ReadAsync(FileSet set, SetFile file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LabelFileStart start = await LabelFileStart.ReadAsync(set, file, cancellationToken);
        if (IsThirdProject(start))
        {
            await foreach (ViaRegion region in ViaThirdProject.ReadAsync(set, file, cancellationToken))
                yield return region;
            yield break;
        }

        string[] members = IsProject(start) ? [ProjectPictures] : [];
        await using var stream = new ShortenedBase64(await NamedFile.Of(set, file).OpenAsync(cancellationToken));
        await foreach (JsonPiece piece in new JsonElements(stream, FileNames.OwnName(file.Path), members) { AreMembers = true }.ReadAsync(cancellationToken))
        {
            using JsonDocument picture = piece.Parse();
            foreach (ViaRegion region in Read(file.Path, piece.Number, picture.RootElement))
                yield return region;
        }
    }

    private static bool IsProject(LabelFileStart start) => Has(start, ProjectPictures) || Has(start, "_via_settings");

    private static bool IsThirdProject(LabelFileStart start) => Has(start, "project") && Has(start, "vid_list");

    private static bool Has(LabelFileStart start, string name) => start.Text.Contains($"\"{name}\"", StringComparison.Ordinal);

    private static IEnumerable<ViaRegion> Read(string file, long number, JsonElement picture)
    {
        if (picture.FindText("filename")?.Trim() is not { Length: > 0 } name)
        {
            yield return new ViaRegion(file, number, string.Empty) { Fault = new RowFault(RowProblemKind.PictureMissing, "filename", "the picture's name is expected") };
            yield break;
        }

        bool isEmpty = true;
        foreach ((int index, JsonElement region) in Regions(picture.Find("regions")).Index())
        {
            isEmpty = false;
            yield return Read(new ViaRegion(file, number, name), $"regions[{index}]", region);
        }

        if (isEmpty)
            yield return new ViaRegion(file, number, name);
    }

    /// <summary>Lists the regions: a list in VIA 2, and an object with the members 0, 1 … in VIA 1.</summary>
    private static IEnumerable<JsonElement> Regions(JsonElement? regions) => regions switch
    {
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        { ValueKind: JsonValueKind.Object } members => members.EnumerateObject().Select(member => member.Value),
        _ => [],
    };

    private static ViaRegion Read(ViaRegion region, string place, JsonElement value)
    {
        region = region with { ShapeColumn = $"{place}.shape_attributes", AttributesColumn = $"{place}.region_attributes" };
        try
        {
            return value.ValueKind == JsonValueKind.Object
                ? region.WithShape(value.Find("shape_attributes") ?? default).WithAttributes(value.Find("region_attributes") ?? default)
                : region with { Fault = new RowFault(RowProblemKind.Label, place, "an object with shape_attributes and region_attributes is expected") };
        }
        catch (InvalidOperationException)
        {
            // Texts are only decoded when they are read.
            return region with { Fault = new RowFault(RowProblemKind.Label, region.AttributesColumn, "has a text that is not valid UTF-8") };
        }
    }
}
