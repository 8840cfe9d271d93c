using System.Text.Json;
using KeypointPipeline.Datasets;
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

    /// <summary>Finds the file among the files of a set: at the root or, if all files lie in one folder, in that folder.</summary>
    /// <param name="paths">Paths of the files, with <c>/</c> between their parts.</param>
    /// <returns>Its path, or null if the set has none.</returns>
    public static string? Find(IEnumerable<string> paths) => RootFile.Find(paths, Name);

    /// <summary>Reads the file.</summary>
    /// <returns>The finder, or null if the file states none.</returns>
    /// <exception cref="RejectedFileException">It is not such a file. The message names the file and says what is expected.</exception>
    internal static FinderKind? Parse(SidecarFile file) => file.Read($"{{\"{Member}\": \"{FinderNames.Of(FinderKind.Whole)}\"}}", Read);

    private static FinderKind? Read(string name, JsonElement members)
    {
        FinderKind? finder = null;
        foreach (JsonProperty member in members.EnumerateObject())
        {
            // What the same file says about labelled data says nothing about pictures to predict.
            if (member.Name == Member)
                finder = ReadFinder(name, member.Value);
            else if (!StatedFacts.Members.Contains(member.Name, StringComparer.Ordinal))
                throw new RejectedFileException($"{name} has a member '{ShownText.Of(member.Name)}', which is unknown; for pictures, {Member} is known.");
        }

        return finder;
    }

    private static FinderKind ReadFinder(string file, JsonElement value) =>
        FinderNames.Parse(value.ValueKind == JsonValueKind.String ? value.GetString() : null)
        ?? throw new RejectedFileException($"{file}, member {Member}: {FinderNames.All} is expected; it is {ShownText.Of(value.GetRawText())}.");
}
