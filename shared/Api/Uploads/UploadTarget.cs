using System.Globalization;
using System.Text.RegularExpressions;
using KeypointPipeline.Files;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows.Drops;

namespace KeypointPipeline.Api.Uploads;

/// <summary>The blob that an upload becomes. Its name is checked before the first byte: a name that would start nothing by mistake is
/// refused.</summary>
/// <param name="Container"><see cref="BlobLayout.Datasets"/> or <see cref="BlobLayout.Images"/>.</param>
/// <param name="Path">The blob's name.</param>
/// <param name="Upload">The client's name of this upload. Blocks of two uploads are never mixed.</param>
/// <param name="LargestBytes">The largest size that is accepted, in bytes.</param>
public sealed partial record UploadTarget(string Container, string Path, string Upload, long LargestBytes)
{
    /// <summary>Size of every block but the last, in bytes.</summary>
    public const int BlockBytes = 4 << 20;

    /// <summary>Storage takes this many blocks of a blob.</summary>
    public const int MostBlocks = 50_000;

    /// <summary>Query value with the client's name of the upload.</summary>
    public const string UploadName = "upload";

    /// <summary>Query value with a block's number, from 0.</summary>
    public const string BlockName = "block";

    /// <summary>Query value with the size of the whole file.</summary>
    public const string BytesName = "bytes";

    /// <summary>Container and name, for messages.</summary>
    public string Name => $"{Container}/{ShownText.Of(Path)}";

    /// <summary>Reads the blob and the upload from an address.</summary>
    /// <exception cref="ApiProblemException">400: the container, the name or the upload's name is not allowed.</exception>
    public static UploadTarget Read(ApiCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        string container = call.Values["container"];
        string path = call.Values["path"];
        if (container is not (BlobLayout.Datasets or BlobLayout.Images))
            throw Invalid($"'{ShownText.Of(container)}' takes no uploads; {BlobLayout.Datasets} and {BlobLayout.Images} do.");
        if (FindProblem(container, path) is string problem)
            throw Invalid(problem);
        string upload = call.Query.GetValueOrDefault(UploadName) ?? "";
        return UploadPattern.IsMatch(upload)
            ? new UploadTarget(container, path, upload, LargestOf(path))
            : throw Invalid($"{UploadName} must name this upload with 1 to 40 letters, digits, '-' or '_', for example by a hash of the file's name, size and time.");
    }

    /// <summary>Reads a whole number from an address.</summary>
    /// <exception cref="ApiProblemException">400: it is missing or out of range.</exception>
    internal static long ReadNumber(ApiCall call, string name, long most)
    {
        string? text = call.Query.GetValueOrDefault(name);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= most
            ? number
            : throw Invalid($"{name}={ShownText.Of(text ?? "")}: expected a whole number from 0 to {most:N0}.");
    }

    /// <summary>Size of a block of a file of this size.</summary>
    internal static int SizeOf(int block, long bytes) => (int)Math.Min(BlockBytes, bytes - ((long)block * BlockBytes));

    [GeneratedRegex("^[A-Za-z0-9_-]{1,40}$", RegexOptions.NonBacktracking)]
    private static partial Regex UploadPattern { get; }

    private static string? FindProblem(string container, string path)
    {
        if (BlobName.FindProblem(path) is string name)
            return $"The name {name}. Upload the file under another name.";
        if (container == BlobLayout.Images && path.Split('/') is [string batch, _, ..] && BatchName.FindProblem(batch) is string problem)
            return $"The batch's name {problem}. Upload the pictures under another name.";
        return DroppedBlob.Classify(container, path).Warning;
    }

    private static long LargestOf(string path)
    {
        string own = FileNames.LastPart(path);
        return own == BlobLayout.ReadyMarker ? ReadyList.MaximumBytes
            : own == SidecarFile.NameInZip || own.EndsWith(SidecarFile.Ending, StringComparison.OrdinalIgnoreCase) ? SidecarFile.LargestBytes
            : ImageNames.HasImageEnding(own) ? ImageLimits.Default.MaximumBytes
            : (long)MostBlocks * BlockBytes;
    }

    private static ApiProblemException Invalid(string detail) => new(400, "Invalid upload", detail);
}
