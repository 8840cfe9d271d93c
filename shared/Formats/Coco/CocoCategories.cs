using System.Text.Json;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Json;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Coco;

/// <summary>The categories of one file.</summary>
internal sealed class CocoCategories
{
    private readonly Dictionary<string, CocoCategory> _byId = new(StringComparer.Ordinal);

    /// <summary>Reads the categories, wherever they are in the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="keypoints">Receives the names of the keypoints.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="RejectedFileException">The file is not JSON, or a name cannot be used.</exception>
    public static async Task<CocoCategories> ReadAsync(SetFile file, KeypointUnion keypoints, CancellationToken cancellationToken)
    {
        var categories = new CocoCategories();
        await using Stream stream = await file.OpenAsync(cancellationToken);
        await foreach (JsonPiece piece in new JsonElements(stream, FileNames.OwnName(file.Path), CocoFormat.Categories).ReadAsync(cancellationToken))
        {
            using JsonDocument category = piece.Parse();
            categories.Add(category.RootElement, piece.Number, keypoints);
        }

        return categories;
    }

    /// <summary>Returns the category of an annotation, or null if the file lacks it.</summary>
    /// <param name="id">The annotation's <c>category_id</c>. Null is allowed in a file with one category or none.</param>
    public CocoCategory? Find(string? id)
    {
        if (id is not null && _byId.TryGetValue(id, out CocoCategory? category))
            return category;
        return _byId.Count switch
        {
            0 => CocoCategory.Unnamed,
            1 when id is null => _byId.Values.First(),
            _ => null,
        };
    }

    private void Add(JsonElement category, long number, KeypointUnion keypoints)
    {
        string name = category.FindText("name") ?? $"number {number}";
        string[] names = category.Find("keypoints") is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Select(keypoint => keypoint.AsText() ?? "")]
            : [];
        int[]? indices = names.Length == 0 ? null : keypoints.Add(names, $"category '{ShownText.Of(name)}'");
        _byId[category.FindId("id") ?? ""] = new CocoCategory(name, indices);
    }
}

/// <summary>A category.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Keypoints">The index of each of its keypoints in the names of the file, or null if it names none.</param>
internal sealed record CocoCategory(string Name, int[]? Keypoints)
{
    /// <summary>The category of a file without categories.</summary>
    public static CocoCategory Unnamed { get; } = new("", null);
}
