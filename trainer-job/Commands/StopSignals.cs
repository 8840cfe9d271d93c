using System.Runtime.InteropServices;

namespace KeypointPipeline.TrainerJob.Commands;

/// <summary>Turns SIGTERM and SIGINT (Ctrl-C) into a token, so that a training can save before the process ends.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Starts listening.</summary>
    public StopSignals()
    {
        _registrations = [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT }.Select(s => PosixSignalRegistration.Create(s, Request))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Requested => _requested.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _requested.Dispose();
    }

    private void Request(PosixSignalContext signal)
    {
        signal.Cancel = true; // otherwise the runtime would end the process
        _requested.Cancel();
    }
}
