using System.Globalization;
using KeypointPipeline.Datasets;
using KeypointPipeline.Evaluation.Photos;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Evaluation;

/// <summary>Writes a table with the error of each labelled instance:
/// <c>row,image,instance,points,error_px,picture_error_px,nme,find,status,found_picture_error_px,found_nme</c>. The file is in place once it is
/// committed.</summary>
/// <remarks>Image and instance are empty for tables with pixels. An error is empty if nothing was compared. The error in pixels of the
/// picture is empty if the row's pixels were given as a frame, and the NME if an eye is not labelled. The last four columns say whether the
/// instance was found on its whole picture; they are empty if pictures were not searched. Wrong finds have rows at the end.</remarks>
public sealed class InstanceErrorTable : IDisposable
{
    private readonly WholeFile _file;
    private readonly StreamWriter _text;
    private readonly StreamReader? _pictures;
    private readonly Dictionary<(string Picture, long Row), FoundInstance> _found = [];
    private readonly List<FoundInstance> _wrong = [];
    private RowPicture? _next;

    private InstanceErrorTable(string path, string pictures, IEnumerable<FoundInstance> found)
    {
        _file = WholeFile.Create(path);
        _text = new StreamWriter(_file.Stream, leaveOpen: true) { NewLine = "\r\n" };
        _text.WriteLine("row,image,instance,points,error_px,picture_error_px,nme,find,status,found_picture_error_px,found_nme");
        foreach (FoundInstance instance in found)
        {
            if (instance.Row is long row)
                _found[(instance.Picture, row)] = instance;
            else
                _wrong.Add(instance);
        }

        if (File.Exists(pictures))
            _pictures = new StreamReader(pictures);
    }

    /// <summary>Starts the table.</summary>
    /// <param name="path">Path of the table. Its folder must exist.</param>
    /// <param name="dataset">Folder of the prepared dataset, which names the pictures.</param>
    /// <param name="found">What the search of the whole pictures found; empty if they were not searched.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static InstanceErrorTable Create(string path, string dataset, IEnumerable<FoundInstance> found)
    {
        ArgumentNullException.ThrowIfNull(found);
        return new InstanceErrorTable(path, Path.Combine(dataset, PreparedDatasetFiles.Pictures), found);
    }

    /// <summary>Adds an instance. Rows come in the order of the dataset.</summary>
    public void Add(InstanceError instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        RowPicture? picture = Picture(instance.Row);
        FoundInstance? found = picture is null ? null : _found.GetValueOrDefault((picture.Picture, instance.SourceRow));
        _text.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{instance.SourceRow},{CsvText.Name(picture?.Picture ?? "")},{CsvText.Name(picture?.Instance ?? "")},{instance.Points},"
            + $"{instance.Error:0.000},{instance.PictureError:0.000},{instance.Nme:0.00000},"
            + $"{found?.Find},{found?.Status},{found?.PictureError:0.000},{found?.Nme:0.00000}"));
    }

    /// <summary>Completes the table and puts it in its place.</summary>
    public void Commit()
    {
        foreach (FoundInstance find in _wrong)
            _text.WriteLine($",{CsvText.Name(find.Picture)},{CsvText.Name(find.Instance ?? "")},,,,,{find.Find},{find.Status},,");
        _text.Flush();
        _file.Commit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Without a commit the temporary file is deleted, so its buffered rest is not needed.
        _file.Dispose();
        _pictures?.Dispose();
    }

    private RowPicture? Picture(int row)
    {
        while (_pictures is not null && (_next is null || _next.Row < row) && _pictures.ReadLine() is string line)
            _next = PipelineJson.Read<RowPicture>(line);
        return _next?.Row == row ? _next : null;
    }
}
