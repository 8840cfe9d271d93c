using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using KeypointPipeline.Local.Machine;

namespace KeypointPipeline.Local.Http;

/// <summary>The keys of a host that other machines can reach, as in Azure. The host key opens everything. The system key opens the
/// management API only; it is part of the addresses in answers, and does not reveal the host key.</summary>
internal sealed class HttpKeys
{
    private const int KeyBytes = 32;
    private const int ShortestKey = 32;

    private static readonly byte[] SystemKeyName = "durabletask_extension"u8.ToArray();

    private readonly byte[] _hostKeyHash;
    private readonly byte[] _systemKeyHash;

    /// <summary>Derives the system key from a host key.</summary>
    /// <param name="hostKey">The key from <see cref="ReadOrCreate"/>.</param>
    public HttpKeys(string hostKey)
    {
        ArgumentNullException.ThrowIfNull(hostKey);
        SystemKey = Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(hostKey), SystemKeyName));
        _hostKeyHash = Hash(hostKey);
        _systemKeyHash = Hash(SystemKey);
    }

    /// <summary>The key in addresses of the management API.</summary>
    public string SystemKey { get; }

    /// <summary>Reads the host key from a file. Creates the file with a random key on first use.</summary>
    /// <exception cref="InvalidDataException">The file has no key of at least 32 characters.</exception>
    public static string ReadOrCreate(string file)
    {
        string key = PrivateFile.ReadOrCreate(file, () => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes))).Trim();
        return key.Length >= ShortestKey
            ? key
            : throw new InvalidDataException($"{file} has no key of at least {ShortestKey} characters. Delete the file; the next start creates a new key.");
    }

    /// <summary>Gets whether a key opens a request. Takes the same time for every wrong key, so that the time reveals nothing.</summary>
    /// <param name="key">The key that the caller sent.</param>
    /// <param name="isManagement">Whether the request is for the management API.</param>
    public bool Open(string key, bool isManagement)
    {
        byte[] hash = Hash(key);
        bool isHostKey = CryptographicOperations.FixedTimeEquals(hash, _hostKeyHash);
        bool isSystemKey = CryptographicOperations.FixedTimeEquals(hash, _systemKeyHash);
        return isHostKey | (isSystemKey & isManagement);
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
