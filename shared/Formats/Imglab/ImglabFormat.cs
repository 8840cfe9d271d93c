using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Imglab;

/// <summary>The XML of dlib's imglab, which dlib's train_shape_predictor reads: boxes with named parts.</summary>
/// <remarks>
/// Conventions, as dlib reads and writes them (https://github.com/davisking/dlib/blob/master/dlib/data_io/image_dataset_metadata.cpp and
/// image_dataset_metadata.h beside it):
/// <list type="bullet">
/// <item>Parts are whole pixels from 0: pixel centres.</item>
/// <item>A box states its first column and row, and its number of columns and rows: the last column is left + width − 1. At pixel edges that
/// is left, top, width, height.</item>
/// <item><c>angle</c> turns the object in the box, in radians clockwise.</item>
/// <item>A part that a box lacks is missing. Nothing says whether a part is hidden; <c>occluded</c> is about the object.</item>
/// <item><c>ignore</c> = 1 marks a box that trains nothing.</item>
/// <item>dlib orders parts by their names as bytes. Names that are all numbers are sorted as numbers here, and lose the leading zeros that
/// dlib's order needs: 00 is the point 0 of other formats.</item>
/// <item>dlib writes <c>encoding='ISO-8859-1'</c> and the bytes of file names as they are, which are UTF-8 on most machines.</item>
/// <item>Left and right are as the names of the parts say.</item>
/// </list>
/// The format is not written: whole pixels would lose half a pixel.
/// </remarks>
internal sealed class ImglabFormat : ILabelFormat
{
    /// <inheritdoc/>
    public string Name => "dlib imglab (XML)";

    /// <inheritdoc/>
    public LabelFormatTraits Traits { get; } = new(States: false, Boxes: true, SeveralInstances: true, Writes: false);

    /// <inheritdoc/>
    public IReadOnlyList<string> Endings { get; } = [".xml"];

    /// <inheritdoc/>
    public bool Recognises(LabelFileStart start) =>
        start.Text.StartsWith('<') && start.Text.Contains("<dataset", StringComparison.Ordinal) && start.Text.Contains("<image", StringComparison.Ordinal);

    /// <inheritdoc/>
    public async Task<LabelReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, CancellationToken cancellationToken) =>
        await ImglabReader.OpenAsync(set, files, cancellationToken);
}
