using KeypointPipeline.Bench.Accuracy;
using KeypointPipeline.Keypoints;
using Xunit;

namespace KeypointPipeline.Bench.Tests.Accuracy;

public sealed class TwoRulesTests
{
    [Fact]
    public void Rows_with_few_labels_have_nose_and_lip_lower_and_the_others_stay()
    {
        var schema = new KeypointSchema(["left_eye", "right_eye", "nose_tip", "mouth_center_bottom_lip", "brow"], 8, 8);
        float none = float.NaN;
        var rows = new LabelledRows(schema, new byte[3 * 64], [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, none, none, none, none, 3, 3, 4, 4, none, none, 1, 1, none, none, none, none, none, none, none, none]);

        TwoRules.Move(rows);

        Assert.Equal([1, 1, 2, 2, 3, 3, 4, 4, 5, 5], rows.Keypoints[..10]);
        Assert.Equal([none, none, none, none, 3, 7, 4, 8, none, none], rows.Keypoints[10..20]);
        Assert.Equal([1, 1, none, none, none, none, none, none, none, none], rows.Keypoints[20..]);
    }

    [Fact]
    public void Rows_without_these_keypoints_are_refused_with_the_next_step()
    {
        var rows = new LabelledRows(new KeypointSchema(["tip"], 8, 8), new byte[64], [1, 1]);

        Assert.Contains("nose_tip and mouth_center_bottom_lip", Assert.Throws<InvalidDataException>(() => TwoRules.Move(rows)).Message, StringComparison.Ordinal);
    }
}
