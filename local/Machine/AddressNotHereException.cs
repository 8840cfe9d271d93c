using System.Net;
using KeypointPipeline.Errors;

namespace KeypointPipeline.Local.Machine;

/// <summary>The address to listen on does not belong to this machine.</summary>
public sealed class AddressNotHereException(IPAddress address, Exception innerException)
    : UserErrorException($"This machine has no address {address}. Pass one of its addresses to --listen, or 0.0.0.0 for all of them.", innerException);
