using System.Net;
using System.Net.Sockets;

namespace KeypointPipeline.Local.Machine;

/// <summary>Ports to listen on.</summary>
internal static class ListeningPort
{
    /// <summary>Why a port cannot be listened on: another program does, or the system keeps it to itself.</summary>
    /// <returns>Null where it is free.</returns>
    /// <exception cref="AddressNotHereException">The address is none of this machine's.</exception>
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
