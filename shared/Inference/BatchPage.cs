using KeypointPipeline.Images;

namespace KeypointPipeline.Inference;

/// <summary>A part of a batch's images.</summary>
/// <param name="Images">The images, in ordinal order of name. Pages follow each other in the order in which the service lists. A page can be empty.</param>
/// <param name="PassedOver">Files of the page that are no images by name, or null if there are none. The sum of all pages is the batch's.</param>
/// <param name="Emptiness">Why the page has no images and what to do, or null if it has some. A batch has no images if no page has some.</param>
/// <param name="Next">Where the next page starts, or null after the last.</param>
/// <param name="Boxes">The batch's <see cref="Places.BoxFile"/> if the page has it; otherwise null. It is one of the files passed over.</param>
/// <param name="Settings">The batch's <see cref="Places.FinderFile"/> if the page has it; otherwise null. It is one of the files passed over.</param>
public sealed record BatchPage(
    IReadOnlyList<ListedImage> Images, PassedOverFiles? PassedOver, string? Emptiness, string? Next, ListedImage? Boxes = null, ListedImage? Settings = null);
