using System.Globalization;
using KeypointPipeline.Api.Rows;
using KeypointPipeline.Datasets;

namespace KeypointPipeline.Api.Endpoints.Rows;

/// <summary>Gives the frame of a row as a JPEG, as the network sees it. <c>size=N</c> is its longer side in pixels. 304: the copy that the
/// request names is still right. 400: the size is invalid. 404: there is no such row.</summary>
[ApiEndpoint(ReadFrame.Method, ReadFrame.Template)]
public sealed class ReadFrame(DatasetRows rows) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholders are the dataset's id and the row's number.</summary>
    public const string Template = "datasets/{datasetId}/rows/{row}/frame";

    /// <summary>Query value with the longer side in pixels.</summary>
    public const string SizeName = "size";

    private const int SmallestSize = 16;
    private const int LargestSize = 1024;
    private const int DefaultSize = 192;

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        int size = call.ReadNumber(SizeName, DefaultSize, SmallestSize, LargestSize);
        DatasetManifest manifest = await rows.RequireAsync(call.Values["datasetId"], cancellationToken);
        string text = call.Values["row"];
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int row) || row >= manifest.Rows)
        {
            throw new ApiProblemException(
                404, "No such row", $"Dataset '{manifest.DatasetId}' has no row '{text}'. Its rows are 0 to {manifest.Rows - 1}.");
        }

        // The id derives from the rows, so a row never changes.
        string etag = $"\"{manifest.DatasetId}-{row}-{size}\"";
        return call.Knows(etag)
            ? ApiAnswer.NotModified(etag)
            : ApiAnswer.File(new ApiFile(new MemoryStream(await rows.ReadFrameAsync(manifest, row, size, cancellationToken)), "image/jpeg", etag, manifest.PreparedAt));
    }
}
