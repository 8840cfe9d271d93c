using KeypointPipeline.Fuzz.Tests.Mutations;
using Xunit;

namespace KeypointPipeline.Fuzz.Tests.Labels;

/// <summary>A small fixed part of <c>./keypoints test fuzz</c> for labels whose pictures are files, with the same checks.</summary>
public sealed class LabelFuzzTests
{
    private const int Seed = 20261127;
    private const int InputsOfEveryWay = 12;
    private const int Mixed = 400;

    public static TheoryData<string> Ways => [.. LabelInputs.Ways.Select(way => way.Name).Distinct()];

    public static TheoryData<string> Formats => [.. LabelSeeds.All.Select(seed => seed.Name)];

    /// <summary>Otherwise the damage would be done to files that nothing reads.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public async Task An_undamaged_file_is_accepted(string format)
    {
        FuzzTally tally = await FuzzedInputs.AssertNothingBreaksAsync(
            LabelInputs.CreateTarget(), 8, number => LabelInputs.Create(format, Draw.For(Seed, number)));

        Assert.True(tally.Accepted > 4, $"{tally.Accepted} of {tally.Inputs} were accepted: {string.Join("; ", tally.Reasons.Keys)}");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Labels_damaged_in_one_way_are_read_or_refused_with_a_reason_and_nothing_worse(string way)
    {
        Mutation mutation = LabelInputs.Ways.First(m => m.Name == way);

        await FuzzedInputs.AssertNothingBreaksAsync(
            LabelInputs.CreateTarget(), InputsOfEveryWay, number => LabelInputs.Create(mutation, Draw.For(Seed, number)));
    }

    [Fact]
    public async Task Labels_damaged_in_several_ways_are_read_or_refused_with_a_reason_and_nothing_worse()
    {
        using IFuzzTarget target = LabelInputs.CreateTarget();

        FuzzTally tally = await FuzzedInputs.AssertNothingBreaksAsync(target, Mixed, number => target.Create(Seed, number));

        Assert.InRange(tally.Accepted, Mixed / 10, Mixed * 9 / 10);
    }
}
