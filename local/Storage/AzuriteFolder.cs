using System.Security.Cryptography;
using KeypointPipeline.Files;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Local.Storage;

/// <summary>The files of one server: its data, log, account key, and which process serves it for whom.</summary>
internal sealed class AzuriteFolder(string path)
{
    private const int KeyBytes = 64;

    private readonly string _stateFile = Path.Combine(path, "server.json");
    private readonly string _keyFile = Path.Combine(path, "account.key");

    /// <summary>Azurite's own files.</summary>
    public string Data { get; } = Path.Combine(path, "data");

    /// <summary>Everything the server prints.</summary>
    public string Log { get; } = Path.Combine(path, "azurite.log");

    /// <summary>Notes the process that was started last, before anybody knows its port.</summary>
    public string StartedFile { get; } = Path.Combine(path, "started.json");

    /// <summary>Holds the owner's process id; see <c>serve.cjs</c>.</summary>
    public string OwnerFile { get; } = Path.Combine(path, "owner");

    /// <summary>The folder's account key, made on first use. Not Azurite's well-known one: a page or program that happens to know
    /// that key could otherwise write here. The file is the user's alone.</summary>
    public string ReadOrCreateKey() =>
        PrivateFile.ReadOrCreate(_keyFile, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)));

    /// <summary>The server that listened last, whether or not it still runs.</summary>
    public AzuriteState? ReadState() => JsonFile.Find<AzuriteState>(_stateFile);

    /// <summary>Records the server.</summary>
    public void WriteState(AzuriteState state) => WholeFile.Write(_stateFile, PipelineJson.Write(state), WholeFileOptions.OwnerOnly);

    /// <summary>Makes this process the owner.</summary>
    public void Claim() => WholeFile.Write(OwnerFile, Environment.ProcessId.ToString(), WholeFileOptions.OwnerOnly);

    /// <summary>Asks whatever serves this folder to save and close.</summary>
    public void Disown() => File.Delete(OwnerFile);
}

/// <summary><c>server.json</c>: the running server.</summary>
/// <param name="Process">Its process.</param>
/// <param name="Port">Its port on 127.0.0.1.</param>
internal sealed record AzuriteState(ProcessIdentity Process, int Port);
