namespace KeypointPipeline.Local.Machine;

/// <summary>What lies in a data folder.</summary>
/// <param name="Home">The folder.</param>
public sealed record LocalHostFiles(string Home)
{
    /// <summary>The name of <see cref="HttpKey"/>.</summary>
    public const string HttpKeyName = "http.key";

    /// <summary>The storage server's folder.</summary>
    public string Storage => Path.Combine(Home, "storage");

    /// <summary>The workflow engine's journal.</summary>
    public string Journal => Path.Combine(Home, "journal.db");

    /// <summary>Caches and work in progress: may be deleted while no host runs.</summary>
    public string Work => Path.Combine(Home, "work");

    /// <summary>Logs and process notes of trainers, and the datasets of those under way.</summary>
    public string Trainers => Path.Combine(Home, "trainers");

    /// <summary>The key of the HTTP surface, once one was needed. Its owner's alone; deleting it makes the next start choose another.</summary>
    public string HttpKey => Path.Combine(Home, HttpKeyName);

    /// <summary>What the scheduler remembers.</summary>
    public string Schedule => Path.Combine(Home, "schedule.json");

    /// <summary>The host's log, JSON Lines.</summary>
    public string Log => Path.Combine(Home, "logs", "host.jsonl");
}
