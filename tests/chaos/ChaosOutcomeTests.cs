using Xunit;

namespace KeypointPipeline.Chaos.Tests;

public sealed class ChaosOutcomeTests
{
    private static readonly ChaosOutcome Undisturbed = Outcome(("a", "1"), ("b", "2")) with { Instances = new HashSet<string> { "x" } };

    [Fact]
    public void Equal_outcomes_do_not_differ() => Assert.Empty((Undisturbed with { }).DifferencesTo(Undisturbed));

    [Fact]
    public void What_is_missing_left_over_or_changed_and_what_is_wrong_in_itself_is_told()
    {
        ChaosOutcome disturbed = Outcome(("b", "3"), ("c", "4")) with { Instances = new HashSet<string> { "y" }, Faults = ["damaged"] };

        Assert.Equal(
            ["damaged", "a is missing", "b has another content", "c is left over", "not as undisturbed: no x", "not as undisturbed: y"],
            disturbed.DifferencesTo(Undisturbed));
    }

    private static ChaosOutcome Outcome(params (string Blob, string Hash)[] blobs) =>
        new(blobs.ToDictionary(blob => blob.Blob, blob => blob.Hash), new HashSet<string>(), []);
}
