using KeypointPipeline.Datasets.Opening;
using KeypointPipeline.Files;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Inference.Places;

/// <summary>The images of a set on this machine, with the places of their instances.</summary>
/// <param name="Images">The images, in order of name.</param>
/// <param name="PassedOver">Files of the set that are no images by name and are not used, or null if there are none.</param>
/// <param name="Notes">What to say about the file of places, one sentence each.</param>
public sealed record PlacedImages(IReadOnlyList<ImageSource> Images, PassedOverFiles? PassedOver, IReadOnlyList<string> Notes)
{
    /// <summary>What finds the instances of images without places, as the set's <see cref="FinderFile"/> states it; null if it states
    /// nothing.</summary>
    public FinderKind? Finder { get; private init; }

    /// <summary>Finds the places: in a given file, or in the <see cref="BoxFile"/> of the set. Without either, the images have no places. A
    /// model whose training framed nothing by boxes or points cannot use them.</summary>
    /// <param name="set">The images. They stay the caller's.</param>
    /// <param name="model">The model that will predict them.</param>
    /// <param name="file">Path of a table of boxes or of a label file that names the images; null to look into the set.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="InvalidDataException">The file cannot be used. The message names it and says what is expected.</exception>
    /// <exception cref="FileNotFoundException">There is no file at that path.</exception>
    public static async Task<PlacedImages> OfAsync(ImageSet set, KeypointModel model, string? file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(model);
        if (file is not null && !File.Exists(file))
            throw new FileNotFoundException($"There is no file at {file}.", file);
        try
        {
            string? settings = FinderFile.Find(set.Files.Files.Select(one => one.Path));
            FinderKind? finder = settings is null
                ? null
                : FinderFile.Parse(await SetSidecar.ReadAsync(set.Files, set.Files.Find(settings)!, cancellationToken));
            PassedOverFiles? passedOver = settings is null ? set.PassedOver : set.PassedOver?.Without(settings);
            return await PlaceAsync(set, passedOver, model, file, cancellationToken) with { Finder = finder };
        }
        catch (RejectedFileException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static async Task<PlacedImages> PlaceAsync(
        ImageSet set, PassedOverFiles? passedOver, KeypointModel model, string? file, CancellationToken cancellationToken)
    {
        if (!model.Metadata.Framing.NeedsPlace)
            return new PlacedImages(set.Images, passedOver, file is null ? [] : [$"{Path.GetFileName(file)} is not used, because the model was not trained on boxes or points."]);
        if (file is not null)
        {
            return await LabelPlaces.FindAsync(file, cancellationToken) is { } labels
                ? await OfLabelsAsync(set, passedOver, labels, model.Schema, cancellationToken)
                : await OfBoxesAsync(set, new SingleFile(DatasetSource.FromFile(file)).Files[0], passedOver, cancellationToken);
        }

        return BoxFile.Find(set.Files.Files.Select(one => one.Path)) is string path
            ? await OfBoxesAsync(set, set.Files.Find(path)!, passedOver?.Without(path), cancellationToken)
            : new PlacedImages(set.Images, passedOver, []);
    }

    private static async Task<PlacedImages> OfLabelsAsync(
        ImageSet set, PassedOverFiles? passedOver, PictureLabels labels, KeypointSchema schema, CancellationToken cancellationToken)
    {
        (LabelPlaces places, string? note) = await LabelPlaces.ReadAsync(labels, set.Files, schema, cancellationToken);
        return new PlacedImages(
            [.. set.Images.Select(image => image with { FindPlaces = picture => places.Of(image.Name, picture) })],
            passedOver,
            note is null ? [] : [note]);
    }

    private static async Task<PlacedImages> OfBoxesAsync(ImageSet set, SetFile file, PassedOverFiles? passedOver, CancellationToken cancellationToken)
    {
        BoxTable boxes = await BoxTable.ReadAsync(file, set.Images.Select(image => image.Name), cancellationToken);
        return new PlacedImages(
            [.. set.Images.Select(image => image with { FindPlaces = _ => boxes.Of(image.Name) })],
            passedOver,
            boxes.Describe(knowsAll: true) is string note ? [note] : []);
    }
}
