using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Shared.Tests.Formats.Compliance;

/// <summary>Writes scenes as the tools of one format do. The compliance suite reads the files with the product. Adding a format to the
/// suite is adding a class that derives from this one, beside the format's other tests: <see cref="LabelSamples"/> finds it.</summary>
/// <remarks>A sample follows the format's published description. It never uses the product's writer or its conversions: an error in them
/// would then be on both sides.</remarks>
internal abstract class LabelSample
{
    /// <summary>The format.</summary>
    public abstract ILabelFormat Format { get; }

    /// <summary>Tells the samples of one format apart, for example <c>txt</c>; empty for its only one.</summary>
    public virtual string Variant => "";

    /// <summary>Its name in test results.</summary>
    public string Name => Variant.Length == 0 ? Format.Name : $"{Format.Name}: {Variant}";

    /// <summary>What this variant can express. All variants together show the traits of the format.</summary>
    public virtual LabelFormatTraits Traits => Format.Traits;

    /// <summary>The keypoints that the reader must find if the format fixes them, with the subject's sides; null if the file names them.</summary>
    public virtual IReadOnlyList<string>? FixedKeypoints => null;

    /// <summary>Whether a keypoint can be missing.</summary>
    public virtual bool CanMiss => true;

    /// <summary>Whether the file states the size of each picture.</summary>
    public virtual bool StatesSize => false;

    /// <summary>Whether label files name pictures. Otherwise labels are found through the pictures, so labels of a missing picture are never
    /// read.</summary>
    public virtual bool NamesPictures => true;

    /// <summary>All coordinates of a scene are multiples of this many pixels. 1 for formats with whole pixels.</summary>
    public virtual double Step => 0.125;

    /// <summary>The largest error of a coordinate that is read, in pixels: that of the digits which the tool writes.</summary>
    public virtual double Tolerance => 0.001;

    /// <summary>The state that the reader must find.</summary>
    /// <param name="written">The state in the scene.</param>
    public virtual LabelState StateAsRead(LabelState written) => (written, Traits.States) switch
    {
        (LabelState.Visible or LabelState.Occluded, false) => LabelState.Labelled,
        (LabelState.Absent, _) => LabelState.Missing,
        _ => written,
    };

    /// <summary>The box that the reader must find, in pixels.</summary>
    public virtual PictureBox? BoxAsRead(SceneInstance instance) => Traits.Boxes ? instance.Box : null;

    /// <summary>The group that the reader must find.</summary>
    public virtual string? GroupAsRead(ScenePicture picture, SceneInstance instance) => null;

    /// <summary>Where the tool keeps a picture, as a path in the set.</summary>
    public virtual string PicturePath(string name) => name;

    /// <summary>Writes the label files.</summary>
    /// <returns>Their paths in the set and their text.</returns>
    public abstract IEnumerable<(string Path, string Text)> Write(LabelScene scene);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
