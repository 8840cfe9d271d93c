using System.Text.Json;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Datasets.Writing;

/// <summary>Writes a prepared dataset into a folder of this machine, one file for each kind of data, as <see cref="PreparedDataset"/> opens
/// it. An earlier dataset in the folder stays until the new one is complete.</summary>
/// <param name="path">The folder. It is created if it is missing.</param>
public sealed class PreparedFolder(string path) : PreparedOutput
{
    /// <inheritdoc/>
    internal override PreparedDatasetWriter Start(int keypoints, bool ofPictures) => new Writer(path, keypoints, ofPictures);

    /// <summary>Writes to temporary files and renames them when all are complete, the manifest last.</summary>
    private sealed class Writer : PreparedDatasetWriter
    {
        private const string Partial = ".partial";
        private const int BufferBytes = 256 * 1024;

        private readonly string _folder;
        private readonly string[] _names;
        private readonly FileStream[] _files;

        public Writer(string folder, int keypoints, bool ofPictures)
            : base(keypoints)
        {
            _folder = Directory.CreateDirectory(folder).FullName;
            _names = [.. FilesOf(ofPictures), .. ofPictures ? (string[])[PreparedDatasetFiles.Pictures] : []];
            _files = [.. _names.Select(name => new FileStream(
                Path.Combine(_folder, name + Partial), FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes, useAsync: true))];
        }

        /// <summary>Gives the files their final names. Replaces an earlier dataset in the folder, which has no manifest meanwhile.</summary>
        public override async Task CompleteAsync(DatasetManifest manifest, CancellationToken cancellationToken)
        {
            foreach (FileStream file in _files)
                await file.DisposeAsync();
            string manifestPath = Path.Combine(_folder, PreparedDatasetFiles.Manifest);
            await File.WriteAllBytesAsync(
                manifestPath + Partial, JsonSerializer.SerializeToUtf8Bytes(manifest, PipelineJson.Indented), cancellationToken);
            File.Delete(manifestPath);
            foreach (string name in PreparedDatasetFiles.PictureData.Append(PreparedDatasetFiles.Pictures).Except(_names))
                File.Delete(Path.Combine(_folder, name));
            foreach (string name in _names)
                File.Move(Path.Combine(_folder, name + Partial), Path.Combine(_folder, name), overwrite: true);
            File.Move(manifestPath + Partial, manifestPath);
        }

        public override async ValueTask DisposeAsync()
        {
            foreach (FileStream file in _files)
                await file.DisposeAsync();
            foreach (string name in _names.Append(PreparedDatasetFiles.Manifest))
                File.Delete(Path.Combine(_folder, name + Partial));
        }

        protected override ValueTask AppendAsync(int file, ReadOnlyMemory<byte> row, CancellationToken cancellationToken) =>
            _files[file].WriteAsync(row, cancellationToken);

        protected override ValueTask AppendLineAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken) =>
            _files[^1].WriteAsync(line, cancellationToken);
    }
}
