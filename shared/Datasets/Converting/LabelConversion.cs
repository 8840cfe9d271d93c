using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;

namespace KeypointPipeline.Datasets.Converting;

/// <summary>Converts labels from any format that is read to one that is written.</summary>
public static class LabelConversion
{
    private static readonly ILabelFormat[] Written = [.. LabelFormats.All.Where(format => format.Target is not null)];

    /// <summary>What <c>--to</c> can be.</summary>
    public static IReadOnlyList<string> Targets { get; } = [.. Written.Select(format => format.Target!.Name).Order(StringComparer.Ordinal)];

    /// <summary>Converts labels. An output with the ending of a label file is that file, and the pictures stay where they are. Otherwise it is
    /// a new folder, which gets copies of the pictures.</summary>
    /// <param name="input">Path of a labelled file or folder.</param>
    /// <param name="output">Path of the file or folder to write.</param>
    /// <param name="to">One of <see cref="Targets"/>, or null if the output's ending says it.</param>
    /// <param name="cancellationToken">Cancels the conversion. Then nothing is written.</param>
    /// <exception cref="InvalidDataException">Input or output cannot be used, or nothing can be converted. The message says what to do.</exception>
    /// <exception cref="IOException">A file could not be read or written.</exception>
    public static async Task<ConversionSummary> ConvertAsync(string input, string output, string? to, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ILabelFormat format = Choose(output, to);
        if (Path.GetFullPath(input) == Path.GetFullPath(output))
            throw new InvalidDataException($"{output} is what is converted. Give another file or folder to write.");
        try
        {
            await using ConvertibleSet set = await ConvertibleSet.OpenAsync(input, cancellationToken);
            using ConvertedFiles files = IsFile(output) ? new ConvertedFile(output) : new ConvertedFolder(output);
            return await ConvertAsync(set.Labels, format, files, output, cancellationToken);
        }
        catch (RejectedFileException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static async Task<ConversionSummary> ConvertAsync(
        ConvertibleLabels labels, ILabelFormat format, ConvertedFiles files, string output, CancellationToken cancellationToken)
    {
        var losses = new ConversionLosses(format.Traits, format.Target!);
        int pictures = 0;
        long instances = 0;
        await using LabelWriter writer = format.StartWriting(files, labels.Keypoints, labels.Mirror)!;
        await foreach (ConvertiblePicture picture in labels.ReadAsync(cancellationToken))
        {
            LabelledInstance[] kept = [.. picture.Instances.Where(losses.Keeps)];
            if (kept.Length == 0 && picture.Instances.Count > 0)
                continue;
            string path = await files.PlaceAsync(picture.Source, cancellationToken);
            await writer.AddAsync(new LabelledPicture(path, kept) { StatedSize = (picture.Width, picture.Height) }, cancellationToken);
            pictures++;
            instances += kept.Length;
        }

        if (instances == 0)
            throw new InvalidDataException($"Nothing was converted, because no row can be used. {string.Join(' ', labels.Problems.Take(1).Concat(losses.Describe()))}".TrimEnd());
        await writer.CompleteAsync(cancellationToken);
        files.Commit();
        string[] notes = [.. labels.Notes, .. losses.Describe(), .. writer.Notes, .. files.Notes];
        return new ConversionSummary(format.Name, output, labels.Keypoints, pictures, instances, labels.Rejected, labels.Problems, notes);
    }

    private static bool IsFile(string output) => Written.Any(format => HasEndingOf(format, output)) && !Path.EndsInDirectorySeparator(output);

    private static bool HasEndingOf(ILabelFormat format, string output) =>
        format.Target!.Ending is string ending && output.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    private static ILabelFormat Choose(string output, string? to)
    {
        if (to is null)
        {
            return Array.Find(Written, format => format.Target!.IsUsual && IsFile(output) && HasEndingOf(format, output))
                ?? throw new InvalidDataException($"{output} does not say which format to write. State it: --to {string.Join(" or --to ", Targets)}.");
        }

        ILabelFormat chosen = Array.Find(Written, format => format.Target!.Name == to)
            ?? throw new InvalidDataException($"'{ShownText.Of(to)}' is no format that is written. State one of {string.Join(", ", Targets)}.");
        if (!IsFile(output) || HasEndingOf(chosen, output))
            return chosen;
        throw new InvalidDataException(chosen.Target!.Ending is string ending
            ? $"{to} is written to a file that ends in {ending}, or to a folder. {output} is neither."
            : $"{to} has several files. Give a folder instead of {output}.");
    }
}
