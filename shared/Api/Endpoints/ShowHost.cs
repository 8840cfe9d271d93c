using System.Runtime.InteropServices;
using KeypointPipeline.Api.Hosts;
using KeypointPipeline.Errors;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Api.Endpoints;

/// <summary>Says how the host is set up: storage, schedule, settings and versions, without secrets.</summary>
[ApiEndpoint(ShowHost.Method, ShowHost.Template)]
public sealed class ShowHost(PipelineStorage storage, IHostFacts facts, TimeProvider time) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>.</summary>
    public const string Template = "host";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        int? days = storage.IsOnThisMachine ? 0 : await storage.FindSoftDeleteDaysAsync(cancellationToken);
        return ApiAnswer.Ok(new HostReport(
            ProgramVersion.Current,
            $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}",
            new StorageReport(storage.Address, storage.IsOnThisMachine, days),
            facts.Read(time.GetUtcNow())));
    }
}
