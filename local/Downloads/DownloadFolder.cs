using System.Security.Cryptography;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Local.Downloads;

/// <summary>A local folder that receives downloads and may hold other files. A download replaces what earlier downloads of its kind wrote,
/// and nothing else.</summary>
/// <remarks>All files are downloaded to a folder aside before the first is moved into place. The last file is the one that says that the
/// others are complete: it is removed first and comes last. Another download completes what a killed one began.</remarks>
/// <param name="path">The folder. It is created if necessary.</param>
/// <param name="kind">Names what is downloaded, for example <c>results</c>. Downloads of different kinds leave each other's files alone.</param>
internal sealed class DownloadFolder(string path, string kind)
{
    private const int ConflictsShown = 5;
    private const int BufferBytes = 1 << 17;

    private string Aside => Path.Combine(path, $".keypoints-{kind}.partial");

    private string RecordFile => Path.Combine(path, $".keypoints-{kind}.json");

    /// <summary>Downloads files. Those of the last download that are not among them are deleted.</summary>
    /// <param name="files">At least one file. The last one says that the others are complete.</param>
    /// <param name="progress">Receives the share of bytes done, 0 to 1.</param>
    /// <param name="cancellationToken">Cancels the download. Nothing has changed then.</param>
    /// <exception cref="DownloadException">A file is in the way, or a content has the wrong hash. Nothing has changed.</exception>
    public async Task ReplaceAsync(IReadOnlyList<Download> files, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
            throw new DownloadException($"{path} is a file. Name a folder.");
        Directory.CreateDirectory(path);
        DeleteAside();
        Directory.CreateDirectory(Aside);
        try
        {
            Dictionary<string, string> hashes = await StageAsync(files, progress, cancellationToken);
            DownloadRecord record = DownloadRecord.Read(RecordFile);
            await RefuseOthersAsync(record, hashes, cancellationToken);
            await PublishAsync(files, record, hashes);
        }
        finally
        {
            DeleteAside();
        }
    }

    private async Task<Dictionary<string, string>> StageAsync(
        IReadOnlyList<Download> files, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        long all = Math.Max(1, files.Sum(file => file.Bytes));
        long done = 0;
        byte[] buffer = new byte[BufferBytes];
        for (int i = 0; i < files.Count; i++)
        {
            Download file = files[i];
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using Stream from = await file.OpenAsync(cancellationToken);
            await using FileStream to = File.Create(Staged(i));
            int read;
            while ((read = await from.ReadAsync(buffer, cancellationToken)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                done += read;
                progress?.Report(Math.Min(1, (double)done / all));
            }

            hashes[file.Name] = Convert.ToHexStringLower(hash.GetHashAndReset());
            if (file.Sha256 is string expected && hashes[file.Name] != expected)
                throw new DownloadException($"{file.Name} has SHA-256 {hashes[file.Name]}, but should have {expected}: it was changed in storage. Nothing was written.");
        }

        return hashes;
    }

    /// <summary>A file that has the new content already is not in the way.</summary>
    private async Task RefuseOthersAsync(DownloadRecord record, Dictionary<string, string> hashes, CancellationToken cancellationToken)
    {
        var conflicts = new List<string>();
        foreach ((string name, string hash) in hashes)
        {
            string target = Target(name);
            if (Directory.Exists(target)
                || (File.Exists(target) && await HashAsync(target, cancellationToken) is string existing && existing != hash && !record.Has(name, existing)))
                conflicts.Add(target);
        }

        if (conflicts.Count > 0)
        {
            throw new DownloadException(
                $"In the way, because this command did not write {(conflicts.Count == 1 ? "it" : "them")} or somebody changed {(conflicts.Count == 1 ? "it" : "them")} since: "
                + string.Join(", ", conflicts.Take(ConflictsShown)) + (conflicts.Count > ConflictsShown ? $" and {conflicts.Count - ConflictsShown:N0} more" : "")
                + ". Nothing was written. Move your files elsewhere, or choose another folder with --out.");
        }
    }

    /// <summary>Moves everything into place. It takes milliseconds, so nothing cancels it.</summary>
    private async Task PublishAsync(IReadOnlyList<Download> files, DownloadRecord record, Dictionary<string, string> hashes)
    {
        record.With(hashes).Write(RecordFile);
        File.Delete(Target(files[^1].Name));
        for (int i = 0; i < files.Count - 1; i++)
            Move(i, files[i].Name);
        foreach (string name in record.Files.Keys.Except(hashes.Keys, StringComparer.Ordinal))
            await DeleteStaleAsync(record, name);
        Move(files.Count - 1, files[^1].Name);
        DownloadRecord.Of(hashes).Write(RecordFile);
    }

    private void Move(int index, string name)
    {
        string target = Target(name);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Move(Staged(index), target, overwrite: true);
    }

    private async Task DeleteStaleAsync(DownloadRecord record, string name)
    {
        string target = Target(name);
        if (!File.Exists(target) || !record.Has(name, await HashAsync(target, CancellationToken.None)))
            return;
        File.Delete(target);
        string parent = Path.GetDirectoryName(target)!;
        if (name.Contains('/', StringComparison.Ordinal) && !Directory.EnumerateFileSystemEntries(parent).Any())
            Directory.Delete(parent);
    }

    private static async Task<string> HashAsync(string file, CancellationToken cancellationToken)
    {
        await using FileStream content = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
    }

    private string Target(string name) => LocalPath.Below(path, name);

    private string Staged(int index) => Path.Combine(Aside, $"{index}");

    private void DeleteAside()
    {
        if (Directory.Exists(Aside))
            Directory.Delete(Aside, recursive: true);
    }
}
