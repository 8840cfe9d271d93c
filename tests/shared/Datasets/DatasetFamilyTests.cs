using KeypointPipeline.Datasets;
using KeypointPipeline.Keypoints;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets;

public sealed class DatasetFamilyTests
{
    private static readonly DatasetManifest Faces = Set("faces.csv", 96, "left_eye", "right_eye", "nose");
    private static readonly DatasetManifest Sorted = Set("sorted.csv", 96, "NOSE", "Left Eye", "right-eye");
    private static readonly DatasetManifest Eyes = Set("eyes.csv", 64, "right_eye", "left_eye");
    private static readonly DatasetManifest Hands = Set("hands.csv", 48, "thumb", "palm");
    private static readonly DatasetManifest Thumbs = Set("thumbs.csv", 48, "thumb");

    [Fact]
    public void Sets_of_the_same_keypoints_in_another_order_and_subsets_train_together()
    {
        DatasetFamily family = DatasetFamily.Of([Sorted, Eyes, Faces], Eyes.Schema, champion: null);

        Assert.Equal([Sorted, Eyes, Faces], family.Members);
        Assert.Equal(["NOSE", "Left Eye", "right-eye"], family.Schema.Names);
        Assert.Equal((96, 96), (family.Schema.FrameWidth, family.Schema.FrameHeight));
        Assert.Empty(family.Apart);
    }

    [Fact]
    public void The_champion_gives_frame_order_and_spelling_and_new_keypoints_follow()
    {
        DatasetFamily family = DatasetFamily.Of([Sorted, Eyes], Sorted.Schema, Eyes.Schema);

        Assert.Equal(["right_eye", "left_eye", "NOSE"], family.Schema.Names);
        Assert.Equal(64, family.Schema.FrameWidth);
        Assert.Equal("names", family.Schema.Mirror.Source);
    }

    [Fact]
    public void Keypoints_of_the_champion_stay_though_no_set_labels_them_any_more()
    {
        DatasetFamily family = DatasetFamily.Of([Eyes], Eyes.Schema, Faces.Schema);

        Assert.Equal(Faces.Schema, family.Schema);
        Assert.Equal([Eyes], family.Members);
    }

    [Fact]
    public void Sets_with_other_keypoints_stay_apart_and_the_report_says_which_belong_together()
    {
        DatasetFamily family = DatasetFamily.Of([Hands, Faces, Thumbs, Eyes], Faces.Schema, Faces.Schema);

        Assert.Equal([Faces, Eyes], family.Members);
        Assert.Equal(["hands.csv, thumbs.csv (thumb, palm)"], family.Apart);
    }

    [Fact]
    public void A_dropped_set_that_does_not_go_with_the_champion_trains_with_its_own_kind()
    {
        DatasetFamily family = DatasetFamily.Of([Faces, Hands, Thumbs], Thumbs.Schema, Faces.Schema);

        Assert.Equal([Hands, Thumbs], family.Members);
        Assert.Equal(Hands.Schema, family.Schema);
        Assert.Equal(["faces.csv (left_eye, right_eye, nose)"], family.Apart);
    }

    private static DatasetManifest Set(string source, int side, params string[] names) => new(
        $"ds-{source}", new KeypointSchema(names, side, side), 10, [.. names.Select(_ => 10)], 10, source, null, DateTimeOffset.UnixEpoch);
}
