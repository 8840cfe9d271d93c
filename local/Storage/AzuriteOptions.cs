namespace KeypointPipeline.Local.Storage;

/// <summary>Options of the storage server.</summary>
public sealed record AzuriteOptions
{
    /// <summary>Folder of the server's data, log, key and process files; created if it is missing. A folder has one server.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Storage accounts to serve, at least one. A name has 3 to 24 lower-case letters and digits. All share the folder's key.</summary>
    public IReadOnlyList<string> Accounts { get; init; } = ["keypoints"];

    /// <summary>Required port on 127.0.0.1. With null, the server uses its last port if that is free, or any other.</summary>
    public int? Port { get; init; }

    /// <summary>How long the server runs on after its owner died without stopping it, so that the next owner can adopt it.</summary>
    public TimeSpan OrphanGrace { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Receives a sentence before the installation on first use, which takes long.</summary>
    public Action<string>? OnProgress { get; init; }
}
