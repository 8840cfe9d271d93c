using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using KeypointPipeline.Local.Machine;

namespace KeypointPipeline.Local.Http;

/// <summary>The keys of a host that other machines reach, as in Azure: the host key opens everything; the system key, which stands in
/// the addresses that answers give, opens the management API alone, and tells nothing about the host key.</summary>
internal sealed class HttpKeys
{
    private const int KeyBytes = 32;
    private const int ShortestKey = 32;

    private static readonly byte[] SystemKeyName = "durabletask_extension"u8.ToArray();

    private readonly byte[] _hostKeyHash;
    private readonly byte[] _systemKeyHash;

    /// <summary>Makes the keys of a host key.</summary>
    /// <param name="hostKey">What the file holds.</param>
    public HttpKeys(string hostKey)
    {
        ArgumentNullException.ThrowIfNull(hostKey);
        SystemKey = Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(hostKey), SystemKeyName));
        _hostKeyHash = Hash(hostKey);
        _systemKeyHash = Hash(SystemKey);
    }

    /// <summary>The key for addresses of the management API.</summary>
    public string SystemKey { get; }

    /// <summary>Reads the host key, or makes one on first use.</summary>
    /// <exception cref="InvalidDataException">The file holds none.</exception>
    public static string ReadOrCreate(string file)
    {
        string key = PrivateFile.ReadOrCreate(file, () => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes))).Trim();
        return key.Length >= ShortestKey
            ? key
            : throw new InvalidDataException($"{file} holds no key of at least {ShortestKey} characters; delete it, and the next start makes one.");
    }

    /// <summary>Whether a key opens a request. Takes as long whatever is wrong with it.</summary>
    /// <param name="key">What the caller sent.</param>
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
