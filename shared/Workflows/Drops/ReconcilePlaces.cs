using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Workflows.Drops;

/// <summary>Keeps the <see cref="ReconcilePlace"/> of one container. In memory it is always current. In storage it may be a little older,
/// so that a host that looks every second does not write every second: an older place only means looking twice.</summary>
internal sealed class ReconcilePlaces(PipelineStorage storage, string container)
{
    private static readonly TimeSpan LongestLag = TimeSpan.FromMinutes(5);

    private readonly string _blob = $"_place/{container}.json";
    private ReconcilePlace? _current;
    private ReconcilePlace? _stored;

    /// <summary>Reads the place. Without it, or if nobody can read it, everything is looked at again.</summary>
    public async Task<ReconcilePlace> ReadAsync(CancellationToken cancellationToken)
    {
        if (_current is null)
        {
            try
            {
                _stored = (await storage.ReadAsync<ReconcilePlace>(BlobLayout.Handled, _blob, cancellationToken))?.Value;
            }
            catch (JsonException)
            {
                _stored = null;
            }

            _current = _stored ?? new ReconcilePlace();
        }

        return _current;
    }

    /// <summary>Moves on. Writes the place if a restart would otherwise repeat much.</summary>
    public async Task MoveAsync(ReconcilePlace place, CancellationToken cancellationToken)
    {
        _current = place;
        if (place.Pass is null && _stored?.Pass is null && place.FullAt == _stored?.FullAt && place.Since - _stored?.Since < LongestLag)
            return;
        try
        {
            await storage.WriteAsync(BlobLayout.Handled, _blob, place, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await storage.Container(BlobLayout.Handled).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await storage.WriteAsync(BlobLayout.Handled, _blob, place, cancellationToken);
        }

        _stored = place;
    }
}
