namespace KeypointPipeline.Local.Storage;

/// <summary>How to run the storage server.</summary>
public sealed record AzuriteOptions
{
    /// <summary>Folder of the server's data, log, key and process file; created where missing. One server per folder.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Storage accounts to serve, at least one; each 3 to 24 lower-case letters and digits. All share the folder's key.</summary>
    public IReadOnlyList<string> Accounts { get; init; } = ["keypoints"];

    /// <summary>Where on 127.0.0.1 it must listen; null for where it listened last if that is free, else anywhere.</summary>
    public int? Port { get; init; }

    /// <summary>How long the server stays after its owner died without stopping it, waiting to be adopted by the next one.</summary>
    public TimeSpan OrphanGrace { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Told in one sentence what takes long: the first-time installation.</summary>
    public Action<string>? OnProgress { get; init; }
}
