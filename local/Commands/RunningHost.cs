using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Formats;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Local.Http;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Storage;
using KeypointPipeline.Models;
using KeypointPipeline.Network;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Local.Commands;

/// <summary>Connects a command to the running host of a data folder, over HTTP and through its storage.</summary>
internal sealed class RunningHost : IDisposable
{
    /// <summary>Erasing stops a training first and may delete 100,000 blobs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly HttpClient _http;
    private readonly string _home;
    private readonly HostInfo _info;

    private RunningHost(HostInfo info, string home)
    {
        _http = LocalHttp.CreateClient(info.Url);
        _http.Timeout = Patience;
        if (info.NeedsKey)
            _http.DefaultRequestHeaders.Add(KeyGuard.Header, File.ReadAllText(new LocalHostFiles(home).HttpKey).Trim());
        _home = home;
        _info = info;
    }

    /// <summary>Connects to the host of a data folder.</summary>
    /// <exception cref="CommandException">No host runs for this folder.</exception>
    public static RunningHost Connect(DirectoryInfo home) =>
        HostLock.FindRunning(home.FullName) is { } info
            ? new RunningHost(info, home.FullName)
            : throw new CommandException($"No host runs for {home.FullName}: start one with `./keypoints up` and run this again.");

    /// <summary>Opens the host's storage.</summary>
    /// <exception cref="CommandException">The storage server does not run.</exception>
    public PipelineStorage OpenStorage() =>
        AzuriteServer.FindRunning(new LocalHostFiles(_home).Storage)
        ?? throw new CommandException("The host's storage server does not run. The host restarts it within seconds; run this again then.");

    /// <summary>Gets an address that a browser on this machine can open. Null if requests need a key, which no command prints.</summary>
    public string? Address(string path) => _info.NeedsKey ? null : new Uri(_info.Url, path).AbsoluteUri;

    /// <summary>Finds an instance. Returns null if there is none.</summary>
    public async Task<WorkflowStatus?> FindAsync(string instanceId, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.GetAsync(ManagementRoutes.Instance(instanceId), cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync<WorkflowStatus>(response, cancellationToken);
    }

    /// <summary>Lists the newest instances.</summary>
    public async Task<IReadOnlyList<WorkflowStatus>> ListAsync(int top, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.GetAsync($"{ManagementRoutes.Instances}?top={top}", cancellationToken);
        return await ReadAsync<WorkflowStatus[]>(response, cancellationToken);
    }

    /// <summary>Lists the datasets in force, withdrawn paths and rejected files.</summary>
    public async Task<DatasetList> ListDatasetsAsync(CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.GetAsync(ApiRoute.Of<ListDatasets>().Pattern, cancellationToken);
        return await ReadAsync<DatasetList>(response, cancellationToken);
    }

    /// <summary>Finds one path with its newest report. Returns null if nothing was dropped under it.</summary>
    public Task<DatasetList?> FindDatasetAsync(string path, CancellationToken cancellationToken) =>
        FindAsync<DatasetList>($"{ApiRoute.Of<ListDatasets>().Pattern}?{ListDatasets.PathName}={Uri.EscapeDataString(path)}", cancellationToken);

    /// <summary>Finds the report of a prepared dataset. Returns null if there is none.</summary>
    public Task<DatasetReport?> FindReportAsync(string datasetId, CancellationToken cancellationToken) =>
        FindAsync<DatasetReport>(ApiRoute.Of<ReadReport>().Path(datasetId), cancellationToken);

    /// <summary>Lists all batches that have results or are being predicted.</summary>
    public async Task<IReadOnlyList<BatchInfo>> ListBatchesAsync(CancellationToken cancellationToken)
    {
        var batches = new List<BatchInfo>();
        string? continuation = null;
        do
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{ApiRoute.Of<ListBatches>().Pattern}?{ApiCall.Top}={ListBatches.LongestPage}");
            if (continuation is not null)
                request.Headers.Add(ContinuationToken.Header, continuation);
            using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
            batches.AddRange((await ReadAsync<BatchList>(response, cancellationToken)).Batches);
            continuation = response.Headers.TryGetValues(ContinuationToken.Header, out IEnumerable<string>? values) ? values.First() : null;
        }
        while (continuation is not null);
        return batches;
    }

    /// <summary>Finds the results of a batch. Returns null if it has none.</summary>
    public Task<BatchDetail?> FindBatchAsync(string batch, CancellationToken cancellationToken) =>
        FindAsync<BatchDetail>(ApiRoute.Of<ShowBatch>().Path(batch), cancellationToken);

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its address on the host.</param>
    /// <param name="etag">The version to read.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>Its content, which the caller disposes; null if it is gone or has another version.</returns>
    public async Task<Stream?> OpenFileAsync(string path, string? etag, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (etag is not null)
            request.Headers.TryAddWithoutValidation("If-Match", etag);
        HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
            return await response.Content.ReadAsStreamAsync(cancellationToken);
        using (response)
        {
            return response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed
                ? null
                : await ReadAsync<Stream>(response, cancellationToken);
        }
    }

    /// <summary>Withdraws or erases a dataset or a group, or shows what would be removed.</summary>
    /// <param name="query">What to remove: the values that <see cref="RemoveDataset"/> takes.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="CommandException">There is no such dataset.</exception>
    public async Task<DatasetRemoval> RemoveDatasetAsync(IReadOnlyDictionary<string, string> query, CancellationToken cancellationToken)
    {
        string values = string.Join('&', query.Select(value => $"{value.Key}={Uri.EscapeDataString(value.Value)}"));
        using HttpResponseMessage response = await _http.DeleteAsync($"{ApiRoute.Of<RemoveDataset>().Pattern}?{values}", cancellationToken);
        return await ReadAsync<DatasetRemoval>(response, cancellationToken);
    }

    /// <summary>Deletes the images and results of a batch.</summary>
    /// <exception cref="CommandException">There is no such batch.</exception>
    public async Task<BatchRemoval> RemoveBatchAsync(string batch, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.DeleteAsync(ApiRoute.Of<RemoveBatch>().Path(batch), cancellationToken);
        return await ReadAsync<BatchRemoval>(response, cancellationToken);
    }

    /// <summary>Lists the published models and the champion.</summary>
    public async Task<ModelList> ListModelsAsync(CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.GetAsync(ApiRoute.Of<ListModels>().Pattern, cancellationToken);
        return await ReadAsync<ModelList>(response, cancellationToken);
    }

    /// <summary>Makes a version the champion, regardless of the promotion rule.</summary>
    /// <exception cref="CommandException">There is no such version.</exception>
    public async Task<ChampionPointer> PromoteAsync(string version, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.PostAsJsonAsync(
            ApiRoute.Of<RequestPromotion>().Path(version), new PromoteRequest(Force: true), PipelineJson.Compact, cancellationToken);
        return await ReadAsync<ChampionPointer>(response, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<T?> FindAsync<T>(string address, CancellationToken cancellationToken)
        where T : class
    {
        using HttpResponseMessage response = await _http.GetAsync(address, cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync<T>(response, cancellationToken);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string body = await response.Content.ReadAsStringAsync(cancellationToken);
        if (response.IsSuccessStatusCode)
            return PipelineJson.Read<T>(body);
        throw new CommandException(Detail(body) ?? $"The host answered {(int)response.StatusCode}: {body}");
    }

    private static string? Detail(string body)
    {
        try
        {
            return PipelineJson.Read<ApiProblem>(body).Detail;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
