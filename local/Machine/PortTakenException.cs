using KeypointPipeline.Errors;

namespace KeypointPipeline.Local.Machine;

/// <summary>Another program listens on the port, or the system reserves it.</summary>
public sealed class PortTakenException(int port, Exception innerException)
    : UserErrorException($"Port {port} cannot be used ({innerException.Message}). Choose another with --port NUMBER. --port 0 picks any.", innerException);
