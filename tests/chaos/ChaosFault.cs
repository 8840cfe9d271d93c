namespace KeypointPipeline.Chaos.Tests;

/// <summary>A fault of one process of the pipeline.</summary>
internal enum ChaosFault
{
    /// <summary>kill -9 of the host; then <c>up</c> again.</summary>
    KillHost,

    /// <summary>kill -9 of the trainer; the host starts it again.</summary>
    KillTrainer,

    /// <summary>kill -9 of Azurite; the host starts it again.</summary>
    KillStorage,

    /// <summary>SIGTERM of the host; then <c>up</c> again.</summary>
    StopHost,
}
