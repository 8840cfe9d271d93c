using System.Security.Cryptography;
using KeypointPipeline.Files;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Local.Storage;

/// <summary>The files of a storage server: its data, log, account key, process and owner.</summary>
internal sealed class AzuriteFolder(string path)
{
    private const int KeyBytes = 64;

    private readonly string _stateFile = Path.Combine(path, "server.json");
    private readonly string _keyFile = Path.Combine(path, "account.key");

    /// <summary>Azurite's own files.</summary>
    public string Data { get; } = Path.Combine(path, "data");

    /// <summary>Everything the server prints.</summary>
    public string Log { get; } = Path.Combine(path, "azurite.log");

    /// <summary>Note with the process that was started last. It exists before the port is known.</summary>
    public string StartedFile { get; } = Path.Combine(path, "started.json");

    /// <summary>File with the owner's process id; see <c>serve.cjs</c>.</summary>
    public string OwnerFile { get; } = Path.Combine(path, "owner");

    /// <summary>Reads the folder's account key, or creates it on first use. Azurite's well-known key would let any page or program
    /// that knows it write here. Only the user can read the file.</summary>
    public string ReadOrCreateKey() =>
        PrivateFile.ReadOrCreate(_keyFile, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)));

    /// <summary>Finds the server that listened last, whether or not it still runs.</summary>
    public AzuriteState? ReadState() => JsonFile.Find<AzuriteState>(_stateFile);

    /// <summary>Writes the process and port of the server.</summary>
    public void WriteState(AzuriteState state) => WholeFile.Write(_stateFile, PipelineJson.Write(state), WholeFileOptions.OwnerOnly);

    /// <summary>Makes this process the owner.</summary>
    public void Claim() => WholeFile.Write(OwnerFile, Environment.ProcessId.ToString(), WholeFileOptions.OwnerOnly);

    /// <summary>Asks the server of this folder to save and close.</summary>
    public void Disown() => File.Delete(OwnerFile);
}

/// <summary><c>server.json</c>: the running server.</summary>
/// <param name="Process">Process of the server.</param>
/// <param name="Port">Port on 127.0.0.1.</param>
internal sealed record AzuriteState(ProcessIdentity Process, int Port);
