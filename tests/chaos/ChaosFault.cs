namespace KeypointPipeline.Chaos.Tests;

/// <summary>What befalls a process of the pipeline.</summary>
internal enum ChaosFault
{
    /// <summary>kill -9; then <c>up</c> again.</summary>
    KillHost,

    /// <summary>kill -9; the host starts it again.</summary>
    KillTrainer,

    /// <summary>kill -9 of Azurite; the host starts it again.</summary>
    KillStorage,

    /// <summary>SIGTERM; then <c>up</c> again.</summary>
    StopHost,
}
