using System.IO.Compression;
using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Shared.Tests.Formats.Compliance;

/// <summary>Label files with their pictures in a zip in memory, and what the formats recognise in it. The pictures are empty files: labels
/// are read without them.</summary>
internal sealed class SampleSet : IAsyncDisposable
{
    private SampleSet(FileSet files, IReadOnlyList<RecognisedLabels> recognised)
    {
        Files = files;
        Recognised = recognised;
    }

    /// <summary>The set.</summary>
    public FileSet Files { get; }

    /// <summary>The formats that recognise at least one file, with the files.</summary>
    public IReadOnlyList<RecognisedLabels> Recognised { get; }

    /// <summary>Writes a scene with a sample and opens it.</summary>
    public static Task<SampleSet> OpenAsync(LabelSample sample, LabelScene scene, CancellationToken cancellationToken) => OpenAsync(
        [.. sample.Write(scene).Select(file => (file.Path, Encoding.UTF8.GetBytes(file.Text)))],
        scene.Pictures.Select(picture => sample.PicturePath(picture.Name)),
        cancellationToken);

    /// <summary>Opens label files and pictures.</summary>
    public static async Task<SampleSet> OpenAsync(
        IReadOnlyList<(string Path, byte[] Content)> labels, IEnumerable<string> pictures, CancellationToken cancellationToken)
    {
        var packed = new MemoryStream();
        await using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string path, byte[] content) in labels)
            {
                await using Stream entry = await zip.CreateEntry(path, CompressionLevel.Fastest).OpenAsync(cancellationToken);
                await entry.WriteAsync(content, cancellationToken);
            }

            foreach (string picture in pictures)
                zip.CreateEntry(picture, CompressionLevel.NoCompression);
        }

        byte[] bytes = packed.ToArray();
        FileSet set = await ZipFileSet.OpenAsync(
            new DatasetSource("sample.zip", _ => Task.FromResult<Stream>(new MemoryStream(bytes, writable: false)), bytes.Length), cancellationToken);
        return new SampleSet(set, await RecogniseAsync(set, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Files.DisposeAsync();

    private static async Task<IReadOnlyList<RecognisedLabels>> RecogniseAsync(FileSet set, CancellationToken cancellationToken)
    {
        var recognised = new List<RecognisedLabels>();
        foreach (ILabelFormat format in LabelFormats.All)
        {
            SetFile[] candidates = [.. set.Files.Where(file => format.Endings.Any(ending => file.Path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))];
            var files = new List<SetFile>();
            foreach (SetFile file in candidates)
            {
                if (format.Recognises(await LabelFileStart.ReadAsync(set, file, cancellationToken)))
                    files.Add(file);
                if (format.IsOnePerPicture && files.Count > 0)
                    break;
            }

            if (files.Count > 0)
                recognised.Add(new RecognisedLabels(format, format.IsOnePerPicture ? candidates : files));
        }

        return recognised;
    }
}

/// <summary>The files of a set that a format recognises.</summary>
internal sealed record RecognisedLabels(ILabelFormat Format, IReadOnlyList<SetFile> Files);
