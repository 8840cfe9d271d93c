using System.Runtime.InteropServices;

namespace KeypointPipeline.Api.Pictures;

/// <summary>Where each picture of a batch is in the tables <c>keypoints.jsonl</c>, and in which order people look at them.</summary>
/// <param name="Names">Names of the keypoints.</param>
/// <param name="Tables">The tables.</param>
/// <param name="Pictures">The pictures in the batch's order.</param>
/// <param name="ByDoubt">Indices of the pictures, the least certain first. Pictures without a doubt come last.</param>
/// <param name="Errors">Why pictures failed.</param>
/// <param name="Note">Why pictures are missing; null if none is.</param>
internal sealed record GalleryIndex(
    IReadOnlyList<string> Names,
    IReadOnlyList<GalleryTable> Tables,
    IReadOnlyList<GalleryEntry> Pictures,
    IReadOnlyList<int> ByDoubt,
    IReadOnlyList<ErrorGroup> Errors,
    string? Note);

/// <summary>A table of results in storage.</summary>
/// <param name="Blob">Its name in <c>results</c>.</param>
/// <param name="ETag">The version that was read.</param>
internal sealed record GalleryTable(string Blob, Azure.ETag ETag);

/// <summary>The lines of a picture.</summary>
/// <param name="Table">Index of the table.</param>
/// <param name="Offset">Where its first line starts, in bytes.</param>
/// <param name="Bytes">Length of its lines.</param>
/// <param name="Failed">Whether the whole picture failed.</param>
/// <param name="Doubt">As in <see cref="BatchPicture"/>; NaN for none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GalleryEntry(int Table, long Offset, int Bytes, bool Failed, double Doubt);
