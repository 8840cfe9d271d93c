using System.Text;
using System.Text.Json;
using KeypointPipeline.Files;
using KeypointPipeline.Finding;

namespace KeypointPipeline.Inference.Places;

/// <summary>The file <c>keypoints.json</c> of a set of pictures. Its member <c>finder</c> states what finds their instances:
/// <c>{"finder": "whole"}</c>.</summary>
public static class FinderFile
{
    /// <summary>The file's name. Upper and lower case make no difference.</summary>
    public const string Name = SidecarFile.NameInZip;

    private const string Member = "finder";

    /// <summary>What the same file says about labelled data. It says nothing about pictures to predict.</summary>
    private static readonly string[] MembersOfData = ["mirror", "frame", "group", "missing", "coordinates", "framing"];

    /// <summary>Finds the file among the files of a set: at the root or, if all files lie in one folder, in that folder.</summary>
    /// <param name="paths">Paths of the files, with <c>/</c> between their parts.</param>
    /// <returns>Its path, or null if the set has none.</returns>
    public static string? Find(IEnumerable<string> paths) => RootFile.Find(paths, Name);

    /// <summary>Reads the file.</summary>
    /// <returns>The finder, or null if the file states none.</returns>
    /// <exception cref="RejectedFileException">It is not such a file. The message names the file and says what is expected.</exception>
    internal static FinderKind? Parse(SidecarFile file)
    {
        string name = ShownText.Of(file.Name);
        ReadOnlyMemory<byte> text = file.Content.Span.StartsWith(Encoding.UTF8.Preamble) ? file.Content[Encoding.UTF8.Preamble.Length..] : file.Content;
        try
        {
            using JsonDocument json = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw new RejectedFileException($"{name} holds {Describe(json.RootElement)}; an object such as {{\"{Member}\": \"{FinderNames.Of(FinderKind.Whole)}\"}} is expected.");
            FinderKind? finder = null;
            foreach (JsonProperty member in json.RootElement.EnumerateObject())
            {
                if (member.Name == Member)
                    finder = Read(name, member.Value);
                else if (!MembersOfData.Contains(member.Name, StringComparer.Ordinal))
                    throw new RejectedFileException($"{name} has a member '{ShownText.Of(member.Name)}', which is unknown; for pictures, {Member} is known.");
            }

            return finder;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A text with half of a surrogate pair is an InvalidOperationException.
            throw new RejectedFileException($"{name} is not JSON: {ShownText.Of(e.Message)}", e);
        }
    }

    private static FinderKind Read(string file, JsonElement value) =>
        FinderNames.Parse(value.ValueKind == JsonValueKind.String ? value.GetString() : null)
        ?? throw new RejectedFileException($"{file}, member {Member}: {FinderNames.All} is expected; it is {Describe(value)}.");

    private static string Describe(JsonElement value) => ShownText.Of(value.GetRawText());
}
