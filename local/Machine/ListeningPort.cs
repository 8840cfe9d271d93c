using System.Net;
using System.Net.Sockets;

namespace KeypointPipeline.Local.Machine;

/// <summary>Checks ports to listen on.</summary>
internal static class ListeningPort
{
    /// <summary>Finds why a port cannot be used: another program listens on it, or the system reserves it.</summary>
    /// <returns>Null if the port is free.</returns>
    /// <exception cref="AddressNotHereException">The address does not belong to this machine.</exception>
    public static SocketException? FindObstacle(IPAddress address, int port)
    {
        try
        {
            using var probe = new TcpListener(address, port);
            probe.Start();
            return null;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable)
        {
            throw new AddressNotHereException(address, e);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return e;
        }
    }
}
