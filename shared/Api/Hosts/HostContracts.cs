using KeypointPipeline.Training;

namespace KeypointPipeline.Api.Hosts;

/// <summary>Answer of <c>GET /api/host</c>: how this host is set up. It has no secrets.</summary>
/// <param name="Version">The pipeline's version.</param>
/// <param name="Runtime">The .NET runtime and the operating system.</param>
/// <param name="Storage">The storage account.</param>
/// <param name="Facts">What the host says about itself.</param>
public sealed record HostReport(string Version, string Runtime, StorageReport Storage, HostFacts Facts);

/// <summary>The storage account of a host.</summary>
/// <param name="Address">Its address, without a key.</param>
/// <param name="IsOnThisMachine">Whether the storage server runs on the host's machine.</param>
/// <param name="SoftDeleteDays">For how many days it keeps deleted blobs; null if the host may not read that.</param>
public sealed record StorageReport(string Address, bool IsOnThisMachine, int? SoftDeleteDays);

/// <summary>What a host says about itself.</summary>
/// <param name="Host"><c>local</c> or <c>functions</c>.</param>
/// <param name="RetrainSchedule">When it retrains, as it was set; null for never.</param>
/// <param name="NextRetrain">When it retrains next, UTC; null for never.</param>
/// <param name="Training">Settings of trainings whose request does not say otherwise.</param>
/// <param name="Warnings">What is not set up as it should be, one sentence each.</param>
public sealed record HostFacts(
    string Host, string? RetrainSchedule, DateTimeOffset? NextRetrain, TrainingSettings Training, IReadOnlyList<string> Warnings);

/// <summary>Gives the facts of the host that serves the endpoints.</summary>
public interface IHostFacts
{
    /// <summary>Reads the facts.</summary>
    /// <param name="now">The time, UTC.</param>
    HostFacts Read(DateTimeOffset now);
}
