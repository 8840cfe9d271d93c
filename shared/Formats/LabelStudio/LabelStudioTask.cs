using System.Globalization;
using System.Text.Json;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Images;

namespace KeypointPipeline.Formats.LabelStudio;

/// <summary>A task: its pictures, and what the annotation in force says about them.</summary>
/// <param name="number">Its number in the file, from 1.</param>
internal sealed class LabelStudioTask(long number)
{
    /// <summary>The member with the labels.</summary>
    public const string Annotations = "annotations";

    /// <summary>Its name in early versions.</summary>
    public const string Completions = "completions";

    private static readonly string[] PictureNames = ["image", "img", "picture", "photo", "url", "file"];
    private readonly List<LabelStudioRegion> _regions = [];
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly List<(string Name, IReadOnlyList<string> Paths)> _texts = [];
    private string? _tag;
    private bool _isAnnotation;

    /// <summary>Its number in the file, from 1.</summary>
    public long Number => number;

    /// <summary>Id of the task, or null.</summary>
    public string? Id { get; private set; }

    /// <summary>When the annotation in force was changed, as a number that grows; 0 if unknown.</summary>
    public long Changed { get; private set; }

    /// <summary>Number of annotations that were not skipped.</summary>
    public int AnnotationCount { get; private set; }

    /// <summary>Whether there are predictions and no annotations.</summary>
    public bool IsOnlyPredicted { get; private set; }

    /// <summary>Why the row cannot be used, or null.</summary>
    public RowFault? Fault { get; set; }

    /// <summary>Points and rectangles.</summary>
    public IReadOnlyList<LabelStudioRegion> Regions => _regions;

    /// <summary>Paths of the pictures, as stated: usually one, several in a task of many pages. Empty if no member names a picture.</summary>
    public IReadOnlyList<string> Pictures
    {
        get
        {
            (string Name, IReadOnlyList<string> Paths)[] named =
                [.. _texts.Where(text => text.Paths.All(path => ImageNames.HasImageEnding(LabelStudioPath.Clean(path))))];
            return Preferred(named) ?? Preferred([.. _texts.Where(text => PictureNames.Contains(text.Name, StringComparer.OrdinalIgnoreCase))]) ?? [];
        }
    }

    /// <summary>Returns the id of the region that a region belongs to, or null.</summary>
    public string? OwnerOf(LabelStudioRegion region) => region.Parent ?? (region.Id is null ? null : _links.GetValueOrDefault(region.Id));

    /// <summary>Whether another row of JSON-MIN or CSV is an annotation of the same task: it has the same id and pictures.</summary>
    public bool IsSameAs(LabelStudioTask other) =>
        _isAnnotation && other._isAnnotation && Id is not null && Id == other.Id && Fault is null && other.Fault is null
        && Pictures.SequenceEqual(other.Pictures, StringComparer.Ordinal);

    /// <summary>Returns the newer of two annotations of a task. If their times are equal or unknown, the later one counts.</summary>
    public LabelStudioTask OrNewer(LabelStudioTask later)
    {
        LabelStudioTask newer = later.Changed >= Changed ? later : this;
        newer.AnnotationCount = AnnotationCount + later.AnnotationCount;
        return newer;
    }

    /// <summary>Reads an item of JSON or JSON-MIN.</summary>
    public static LabelStudioTask Read(JsonElement item, long number)
    {
        try
        {
            return ReadMembers(item, number);
        }
        catch (InvalidOperationException)
        {
            // Texts are only decoded when they are read.
            return new LabelStudioTask(number) { Fault = new RowFault(RowProblemKind.Label, Column: null, "has a text that is not valid UTF-8") };
        }
    }

    /// <summary>Adds a named value of JSON-MIN or CSV: a path, a list of regions, or something else.</summary>
    public void Add(string name, JsonElement value, bool hasRegions)
    {
        if (value.ValueKind == JsonValueKind.String)
            AddText(name, value.GetString()!);
        if (value.ValueKind != JsonValueKind.Array)
            return;
        if (hasRegions)
        {
            _regions.AddRange(value.EnumerateArray().SelectMany(LabelStudioRegion.Read));
            AnnotationCount = 1;
            _isAnnotation = true;
        }

        string[] paths = [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)];
        if (paths.Length > 0 && paths.Length == value.GetArrayLength())
            _texts.Add((name, paths));
    }

    /// <summary>Adds a text of JSON-MIN or CSV.</summary>
    public void AddText(string name, string text)
    {
        if (name == "id")
            Id = text;
        else if (name is "updated_at" or "created_at")
            Changed = Math.Max(Changed, Time(text));
        else if (text.Length > 0)
            _texts.Add((name, [text]));
    }

    private static LabelStudioTask ReadMembers(JsonElement item, long number)
    {
        var task = new LabelStudioTask(number);
        if (item.ValueKind != JsonValueKind.Object)
            return task;
        JsonElement annotations = default;
        bool isFull = item.TryGetProperty(Annotations, out annotations) || item.TryGetProperty(Completions, out annotations);
        JsonElement data = isFull && item.TryGetProperty("data", out JsonElement inner) && inner.ValueKind == JsonValueKind.Object ? inner : item;
        foreach (JsonProperty member in data.EnumerateObject())
            task.Add(member.Name, member.Value, hasRegions: !isFull);
        if (item.TryGetProperty("id", out JsonElement id))
            task.Id = id.ToString();
        if (isFull)
            task.AddAnnotations(annotations, item.TryGetProperty("predictions", out JsonElement predictions) && IsFilled(predictions));
        return task;
    }

    private static bool IsFilled(JsonElement list) => list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0;

    private static bool IsTrue(JsonElement item, string name) => item.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.True;

    private static long Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time.UtcTicks : 0;

    /// <summary>Returns the pictures of the tag that regions are drawn on, if it has the name of the data's member; otherwise the first.</summary>
    private IReadOnlyList<string>? Preferred((string Name, IReadOnlyList<string> Paths)[] texts) =>
        texts.Length == 0 ? null
        : (Array.Find(texts, text => text.Name == _tag).Paths
            ?? Array.Find(texts, text => text.Name.Equals(PictureNames[0], StringComparison.OrdinalIgnoreCase)).Paths
            ?? texts[0].Paths);

    private void AddAnnotations(JsonElement annotations, bool hasPredictions)
    {
        JsonElement[] made = annotations.ValueKind == JsonValueKind.Array ? [.. annotations.EnumerateArray().Where(IsMade)] : [];
        AnnotationCount = made.Length;
        IsOnlyPredicted = made.Length == 0 && hasPredictions;
        if (made.Length == 0)
            return;
        JsonElement chosen = made.Select((annotation, i) => (annotation, i))
            .MaxBy(entry => (IsTrue(entry.annotation, "ground_truth"), TimeOf(entry.annotation), entry.i)).annotation;
        var labelled = new HashSet<(string, string)>();
        foreach (JsonElement result in chosen.GetProperty("result").EnumerateArray().Where(result => result.ValueKind == JsonValueKind.Object))
        {
            if (LabelStudioRegion.Text(result, "type") == "relation")
                AddLink(LabelStudioRegion.Text(result, "from_id"), LabelStudioRegion.Text(result, "to_id"));
            LabelStudioRegion[] regions = [.. LabelStudioRegion.Read(result).Where(region => region.Id is null || labelled.Add((region.Id, region.Label)))];
            _regions.AddRange(regions);
            if (regions.Length > 0)
                _tag ??= LabelStudioRegion.Text(result, "to_name");
        }

        KeepLinksToBoxes();
    }

    private static bool IsMade(JsonElement annotation) =>
        annotation.ValueKind == JsonValueKind.Object && !IsTrue(annotation, "was_cancelled") && !IsTrue(annotation, "skipped")
        && annotation.TryGetProperty("result", out JsonElement result) && result.ValueKind == JsonValueKind.Array;

    private static long TimeOf(JsonElement annotation)
    {
        if (LabelStudioRegion.Text(annotation, "updated_at") is { } updated)
            return Time(updated);
        if (!annotation.TryGetProperty("created_at", out JsonElement created))
            return 0;
        return created.ValueKind == JsonValueKind.Number && created.TryGetInt64(out long seconds) ? seconds : Time(created.ToString());
    }

    private void AddLink(string? from, string? to)
    {
        if (from is null || to is null)
            return;
        _links.TryAdd(from, to);
        _links.TryAdd(to, from);
    }

    /// <summary>Removes relations that do not link a region to a rectangle.</summary>
    private void KeepLinksToBoxes()
    {
        if (_links.Count == 0)
            return;
        HashSet<string> boxes = [.. _regions.Where(region => region.IsBox && region.Id is not null).Select(region => region.Id!)];
        foreach (string from in _links.Where(link => !boxes.Contains(link.Value)).Select(link => link.Key).ToArray())
            _links.Remove(from);
    }
}
