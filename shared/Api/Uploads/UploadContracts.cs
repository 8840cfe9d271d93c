namespace KeypointPipeline.Api.Uploads;

/// <summary>Answer of <c>GET</c> and <c>POST /api/uploads/{container}/{path}</c>: how far an upload is.</summary>
/// <param name="Name">The blob, with its container.</param>
/// <param name="BlockBytes">Size of every block but the last, in bytes.</param>
/// <param name="LargestBytes">The largest file that may have this name, in bytes.</param>
/// <param name="Blocks">Numbers of the blocks that have arrived, from 0, in order. Empty once the upload is complete.</param>
/// <param name="IsComplete">Whether the file is in its place.</param>
/// <param name="InstanceId">The instance that the file starts; null if it starts none or is not complete.</param>
public sealed record UploadState(
    string Name, int BlockBytes, long LargestBytes, IReadOnlyList<int> Blocks, bool IsComplete, string? InstanceId = null);

/// <summary>Answer of <c>PUT /api/uploads/{container}/{path}</c>: the block has arrived.</summary>
/// <param name="Block">Its number, from 0.</param>
/// <param name="Bytes">Its size in bytes.</param>
public sealed record UploadedBlock(int Block, int Bytes);
