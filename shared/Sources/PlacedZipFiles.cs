using KeypointPipeline.Files;
using KeypointPipeline.Sources.Zips;

namespace KeypointPipeline.Sources;

/// <summary>Files of a zip in storage whose places are known. The zip's list of files is not read.</summary>
/// <remarks>Neighbours in the zip share a request if they are used one after the other. Few zips list their files in the order of the
/// names, so files that lie apart have a request each.</remarks>
public sealed class PlacedZipFiles : FileSet
{
    private PlacedZipFiles(string name, IEnumerable<SetFile> files)
        : base(name, files)
    {
    }

    /// <summary>Returns the set of files. Sends no request: a file that is not where it should be is found out when it is opened.</summary>
    /// <param name="zip">The zip.</param>
    /// <param name="files">The files, in the order in which they will be opened.</param>
    public static PlacedZipFiles Of(ZipBlob zip, IEnumerable<(string Path, ZipPlace Place)> files)
    {
        ArgumentNullException.ThrowIfNull(zip);
        ArgumentNullException.ThrowIfNull(files);
        return new PlacedZipFiles(zip.Name, Open(zip, files));
    }

    /// <summary>Opens one file through a stream of its own.</summary>
    internal static async Task<Stream> OpenAloneAsync(ZipBlob zip, ZipPlace place, CancellationToken cancellationToken)
    {
        Stream stream = await zip.OpenAsync(cancellationToken);
        var source = new ZipSource(new SourceStream(stream, zip.Name, length: null));
        try
        {
            return await PackedFile.OpenAsync(source, place, closesZip: true, cancellationToken);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static IEnumerable<SetFile> Open(ZipBlob zip, IEnumerable<(string Path, ZipPlace Place)> files)
    {
        ZipRun? run = null;
        foreach ((string path, ZipPlace place) in files)
        {
            if (!ZipRun.CanHold(place))
            {
                yield return new SetFile(path, place.Length, token => OpenAloneAsync(zip, place, token), place);
                continue;
            }

            if (run?.TryJoin(place) != true)
                run = new ZipRun(zip, place);
            ZipRun own = run;
            yield return new SetFile(path, place.Length, token => own.OpenAsync(place, token), place);
        }
    }
}
