using KeypointPipeline.Sources;

namespace KeypointPipeline.Datasets.Opening;

/// <summary>The labels of a dropped set: a table with pixels (<see cref="LabelledTable"/>), or files that name pictures
/// (<see cref="PictureLabels"/>).</summary>
/// <param name="Files">The set's files that are needed. Of labels that name pictures: without the pictures.</param>
internal abstract record SetLabels(IReadOnlyList<SetFile> Files);
