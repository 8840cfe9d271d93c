using System.Net;

namespace KeypointPipeline.Local.Machine;

/// <summary>The address to listen on is none of this machine's.</summary>
public sealed class AddressNotHereException(IPAddress address, Exception innerException)
    : IOException($"This machine has no address {address}. Give one of its own to --listen, or 0.0.0.0 for all of them.", innerException);
