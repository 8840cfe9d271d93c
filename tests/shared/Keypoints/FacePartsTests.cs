using KeypointPipeline.Keypoints;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Keypoints;

public sealed class FacePartsTests
{
    [Theory]
    [InlineData("left_eye", "right_eye", "mouth")]
    [InlineData("eye_l", "eye_r", "mouth_center")]
    [InlineData("LeftEye", "RightEye", "Mouth")]
    [InlineData("left_eye_center", "right_eye_center", "mouth_center_bottom_lip")]
    [InlineData("l-pupil", "r-pupil", "mouth centre")]
    [InlineData("LEFT EYE", "RIGHT EYE", "lips")]
    [InlineData("eyeLeft", "eyeRight", "MouthCenter")]
    public void Eyes_and_mouth_are_found_in_the_usual_spellings(string left, string right, string mouth) =>
        Assert.Equal(new FaceParts([1], [3], [2]), Find("nose", right, mouth, left));

    [Fact]
    public void The_points_of_Kaggle_have_the_eye_centres_and_the_corners_of_the_mouth() =>
        Assert.Equal(
            new FaceParts([1], [0], [11, 12]),
            Find("left_eye_center", "right_eye_center", "left_eye_inner_corner", "left_eye_outer_corner", "right_eye_inner_corner",
                "right_eye_outer_corner", "left_eyebrow_inner_end", "left_eyebrow_outer_end", "right_eyebrow_inner_end",
                "right_eyebrow_outer_end", "nose_tip", "mouth_left_corner", "mouth_right_corner", "mouth_center_top_lip", "mouth_center_bottom_lip"));

    [Theory]
    [InlineData("left_eye_outer_corner", "left_eye_inner_corner", "right_eye_outer_corner", "right_eye_inner_corner")]
    [InlineData("LeftEyeLeftCorner", "LeftEyeRightCorner", "RightEyeRightCorner", "RightEyeLeftCorner")]
    [InlineData("left_eye_1", "left_eye_2", "right_eye_1", "right_eye_2")]
    public void Without_centres_the_middle_of_an_eye_comes_from_all_of_its_points(string left1, string left2, string right1, string right2) =>
        Assert.Equal(new FaceParts([2, 3], [0, 1], [4, 5]), Find(left1, left2, right1, right2, "left_mouth_corner", "right_mouth_corner"));

    [Theory]
    [InlineData("left_eye_outer_corner", "right_eye_outer_corner", "mouth")]
    [InlineData("left_eyebrow", "right_eyebrow", "mouth")]
    [InlineData("left_eye", "right_eye", "nose")]
    [InlineData("left_eye", "nose", "mouth")]
    [InlineData("left_eye", "right_eye", "mouth_left_corner")]
    public void A_schema_without_eyes_or_mouth_has_no_parts(params string[] names) => Assert.Null(Find(names));

    [Fact]
    public void A_body_with_eyes_and_mouth_is_no_face() =>
        Assert.Null(Find("nose", "left_eye", "right_eye", "mouth_left", "mouth_right", "left_shoulder", "right_shoulder"));

    [Fact]
    public void The_points_of_COCOs_people_are_no_face() => Assert.Null(Find("nose", "left_eye", "right_eye", "left_ear", "right_ear"));

    [Theory]
    [InlineData(68, 36, 6, 45, 48, 20)]
    [InlineData(98, 60, 8, 72, 76, 20)]
    public void Numbered_points_of_a_confirmed_order_have_the_right_eye_left_in_the_image(int points, int rightEye, int ofEye, int partner, int mouth, int ofMouth)
    {
        string[] names = [.. Enumerable.Range(0, points).Select(i => $"{i}")];
        MirrorPair[] pairs = [.. Enumerable.Range(0, ofEye).Select(i => new MirrorPair($"{rightEye + i}", $"{rightEye + ofEye + ((partner - rightEye - ofEye + (ofEye * 2) - i) % ofEye)}"))];
        var confirmed = new KeypointSchema(names, 96, 96, new MirrorPairs("stated", pairs));

        Assert.Equal(
            new FaceParts([.. Enumerable.Range(rightEye, ofEye)], [.. Enumerable.Range(rightEye + ofEye, ofEye)], [.. Enumerable.Range(mouth, ofMouth)]),
            FaceParts.Find(confirmed));
        Assert.Null(FaceParts.Find(new KeypointSchema(names, 96, 96)));
    }

    [Fact]
    public void The_five_points_of_CelebA_count_if_their_pairs_are_confirmed() =>
        Assert.Equal(
            new FaceParts([0], [1], [3, 4]),
            FaceParts.Find(new KeypointSchema(["1", "2", "3", "4", "5"], 96, 96, new MirrorPairs("stated", [new MirrorPair("1", "2"), new MirrorPair("4", "5")]))));

    private static FaceParts? Find(params string[] names) => FaceParts.Find(new KeypointSchema(names, 96, 96));
}
