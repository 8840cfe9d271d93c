using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using KeypointPipeline.Network;
using Xunit;

namespace KeypointPipeline.TestSupport;

/// <summary>Puts blobs under names that client libraries would normalize, as a hostile program may do.</summary>
public static class RawBlobs
{
    private static readonly HttpClient Http = LocalHttp.CreateClient();

    /// <summary>Puts a blob.</summary>
    /// <param name="connectionString">The account.</param>
    /// <param name="path">Container and name, sent unchanged.</param>
    /// <param name="content">The blob's content.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public static async Task PutAsync(string connectionString, string path, string content, CancellationToken cancellationToken)
    {
        var service = new BlobServiceClient(connectionString);
        Uri signed = service.GenerateAccountSasUri(
            AccountSasPermissions.All, new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero), AccountSasResourceTypes.All);
        var address = new Uri(
            $"{service.Uri.AbsoluteUri.TrimEnd('/')}/{path}{signed.Query}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new StringContent(content) };
        request.Headers.Add("x-ms-blob-type", "BlockBlob");
        request.Headers.Add("x-ms-version", "2021-12-02");
        using HttpResponseMessage response = await Http.SendAsync(request, cancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode}");
    }
}
