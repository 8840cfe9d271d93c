using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets.Converting;

/// <summary>Counts what the target format of a conversion cannot hold.</summary>
/// <param name="traits">What the target format can express.</param>
/// <param name="target">The target.</param>
internal sealed class ConversionLosses(LabelFormatTraits traits, LabelTarget target)
{
    private long _states;
    private long _boxes;
    private long _angles;
    private long _groups;
    private long _predictions;

    /// <summary>Decides whether an instance is written, and counts what it loses.</summary>
    /// <returns>False for a prediction that nobody changed, if it would become a label.</returns>
    public bool Keeps(LabelledInstance instance)
    {
        if (!target.HasOrigins && PredictionChecksum.IsUnchanged(instance.Origin, instance.Checksum, instance.Points))
        {
            _predictions++;
            return false;
        }

        if (!traits.States && instance.States is { } states)
            _states += states.Count(state => state is LabelState.Visible or LabelState.Occluded or LabelState.Absent);
        if (instance.Box is { } box)
        {
            _boxes += traits.Boxes ? 0 : 1;
            _angles += traits.Boxes && !target.HasAngles && box.Angle != 0 ? 1 : 0;
        }

        if (!target.HasGroups && instance.Group is not null)
            _groups++;
        return true;
    }

    /// <summary>What was lost, one sentence each.</summary>
    public IEnumerable<string> Describe()
    {
        if (_predictions > 0)
            yield return $"Predictions that nobody changed and that are left out, because {target.Name} cannot say that they are no labels: {_predictions:N0}.";
        if (_states > 0)
            yield return $"Points whose visibility is lost, because {target.Name} has none: {_states:N0}.";
        if (_boxes > 0)
            yield return $"Boxes that are lost, because {target.Name} has none: {_boxes:N0}.";
        if (_angles > 0)
            yield return $"Boxes that lose their rotation, because {target.Name} has none: {_angles:N0}.";
        if (_groups > 0)
            yield return $"Instances that lose their group, because {target.Name} has none: {_groups:N0}.";
    }
}
