using System.Globalization;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using KeypointPipeline.Finding;
using KeypointPipeline.Inference;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Api.Uploads;

/// <summary>An upload in storage. Its blocks are staged under the blob's own name and become the blob at once, so that nothing sees a part
/// of a file. They stay if the host ends, for a week at most.</summary>
/// <param name="storage">The account.</param>
/// <param name="target">The blob.</param>
internal sealed class StagedUpload(PipelineStorage storage, UploadTarget target)
{
    /// <summary>Key of the blob's metadata with the client's name of the upload.</summary>
    private const string UploadKey = "upload";

    private const int LongestUpload = 40;

    private readonly BlockBlobClient _blob = storage.Container(target.Container).GetBlockBlobClient(target.Path);

    /// <summary>Returns the ETag of the blob if this upload made it; otherwise null.</summary>
    public async Task<ETag?> FindCompletedAsync(CancellationToken cancellationToken) =>
        await storage.FindPropertiesAsync(target.Container, target.Path, cancellationToken) is { } properties
        && properties.Metadata.TryGetValue(UploadKey, out string? upload) && upload == target.Upload
            ? properties.ETag
            : null;

    /// <summary>Returns number and size of each block of this upload that has arrived.</summary>
    public async Task<SortedDictionary<int, long>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<int, long>();
        try
        {
            BlockList blocks = await _blob.GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: cancellationToken);
            foreach (BlobBlock block in blocks.UncommittedBlocks)
            {
                if (NumberOf(block.Name) is int number)
                    found[number] = block.SizeLong;
            }
        }
        catch (RequestFailedException e) when (e.IsNotFound())
        {
            // Nothing was ever uploaded under this name.
        }

        return found;
    }

    /// <summary>Stores a block. A block that is sent again replaces itself.</summary>
    /// <exception cref="ApiProblemException">409: another program's upload of this name is open.</exception>
    public async Task StageAsync(int block, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using Stream stream = BinaryData.FromBytes(content).ToStream();
        try
        {
            await _blob.StageBlockAsync(IdOf(block), stream, options: null, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 400)
        {
            // All blocks of a blob need ids of one length, and other programs choose another.
            throw new ApiProblemException(
                409, "Name in use", $"Another program is uploading {target.Name}. Let it finish, or upload the file under another name.");
        }
    }

    /// <summary>Puts the file in its place.</summary>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="finder">What finds the instances of the pictures that the file starts; null if nobody states it.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The blob's ETag; null if a block is gone.</returns>
    public async Task<ETag?> CommitAsync(int blocks, FinderKind? finder, CancellationToken cancellationToken)
    {
        var metadata = new Dictionary<string, string>(BatchDrop.Metadata(finder) ?? new Dictionary<string, string>()) { [UploadKey] = target.Upload };
        var options = new CommitBlockListOptions { Metadata = metadata };
        try
        {
            return (await _blob.CommitBlockListAsync(Enumerable.Range(0, blocks).Select(IdOf), options, cancellationToken)).Value.ETag;
        }
        catch (RequestFailedException e) when (e.Status == 400)
        {
            // Another upload of this name was completed meanwhile. That discards the blocks of all others.
            return null;
        }
    }

    /// <summary>Ids have one length, as storage needs it.</summary>
    private string IdOf(int block) => Convert.ToBase64String(Encoding.ASCII.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{target.Upload.PadRight(LongestUpload, '.')}{block:00000}")));

    private int? NumberOf(string id)
    {
        Span<byte> bytes = stackalloc byte[id.Length];
        if (!Convert.TryFromBase64String(id, bytes, out int length))
            return null;
        string text = Encoding.ASCII.GetString(bytes[..length]);
        return text.Length > LongestUpload && text[..LongestUpload] == target.Upload.PadRight(LongestUpload, '.')
            && int.TryParse(text[LongestUpload..], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? number
                : null;
    }
}
