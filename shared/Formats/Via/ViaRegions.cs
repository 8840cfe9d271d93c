using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KeypointPipeline.Files;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Via;

/// <summary>Reads the regions of all label files of a set. People keep the project beside what they exported from it: if several files of a
/// folder label a picture, the first one counts.</summary>
/// <param name="set">The set.</param>
/// <param name="files">The label files, in ordinal order of path.</param>
/// <param name="guesses">Receives what was found about the way tables are written.</param>
internal sealed class ViaRegions(FileSet set, IReadOnlyList<SetFile> files, ISet<string> guesses)
{
    /// <summary>For each picture, by its folder and name, the number of the first file that labels it.</summary>
    private readonly Dictionary<ulong, int> _firstFiles = [];
    private readonly HashSet<ulong> _repeated = [];

    /// <summary>What messages call the number of a region's row.</summary>
    public string RowWord => IsJson(files[0]) ? "picture" : "row";

    /// <summary>What a person should know, one sentence each. Complete after reading.</summary>
    public IEnumerable<string> Warnings => _repeated.Count == 0
        ? []
        : [$"{_repeated.Count:N0} pictures are labelled in several files. The labels of the first of these files are used: "
            + $"{ShownText.List([.. files.Select(file => file.Path)])}."];

    /// <summary>Reads all regions from the start, streaming. It can be called again after it ended.</summary>
    /// <exception cref="RejectedFileException">A file cannot be read on.</exception>
    public async IAsyncEnumerable<ViaRegion> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _firstFiles.Clear();
        _repeated.Clear();
        for (int number = 0; number < files.Count; number++)
        {
            SetFile file = files[number];
            await foreach (ViaRegion region in IsJson(file)
                ? ViaJson.ReadAsync(set, file, cancellationToken)
                : ViaTable.ReadAsync(set, file, guesses, cancellationToken))
            {
                if (!IsRepeated(region, number))
                    yield return region;
            }
        }
    }

    private static bool IsJson(SetFile file) => file.Path.EndsWith(ViaFormat.JsonEnding, StringComparison.OrdinalIgnoreCase);

    private bool IsRepeated(ViaRegion region, int file)
    {
        if (files.Count == 1 || region.Picture.Length == 0)
            return false;
        ulong picture = XxHash3.HashToUInt64(MemoryMarshal.AsBytes($"{FileNames.FolderOf(region.File)}\n{region.Picture}".AsSpan()));
        if (_firstFiles.TryGetValue(picture, out int first))
        {
            if (first != file)
                _repeated.Add(picture);
            return first != file;
        }

        if (region.Point is not null || region.Box is not null)
            _firstFiles.Add(picture, file);
        return false;
    }
}
