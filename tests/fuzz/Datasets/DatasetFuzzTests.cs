using KeypointPipeline.Fuzz.Tests.Mutations;
using Xunit;

namespace KeypointPipeline.Fuzz.Tests.Datasets;

/// <summary>A small fixed part of <c>./keypoints test fuzz</c>, with the same checks.</summary>
public sealed class DatasetFuzzTests
{
    private const int Seed = 20261124;
    private const int InputsOfEveryWay = 8;
    private const int Mixed = 600;

    public static TheoryData<string> Ways =>
        [.. DatasetInputs.TextWays.Concat(DatasetInputs.GzipWays).Concat(DatasetInputs.ZipWays).Select(way => way.Name).Distinct()];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_file_damaged_in_one_way_is_read_or_refused_with_a_reason_and_nothing_worse(string way)
    {
        Mutation mutation = DatasetInputs.TextWays.Concat(DatasetInputs.GzipWays).Concat(DatasetInputs.ZipWays).First(m => m.Name == way);

        await FuzzedInputs.AssertNothingBreaksAsync(
            new DatasetTarget(), InputsOfEveryWay, number => DatasetInputs.Create(mutation, Draw.For(Seed, number)));
    }

    [Fact]
    public async Task Files_damaged_in_several_ways_are_read_or_refused_with_a_reason_and_nothing_worse()
    {
        using var target = new DatasetTarget();

        FuzzTally tally = await FuzzedInputs.AssertNothingBreaksAsync(target, Mixed, number => target.Create(Seed, number));

        Assert.InRange(tally.Accepted, Mixed / 10, Mixed / 2);
        Assert.InRange(tally.Reasons.Count, 20, 100);
    }

    /// <summary>Numbers of <c>./keypoints test fuzz --seed 1</c>: .NET's result depends on how many bytes each read returns.</summary>
    [Theory]
    [InlineData(69088)]
    [InlineData(113920)]
    [InlineData(139392)]
    [InlineData(213504)]
    [InlineData(299328)]
    [InlineData(319200)]
    public async Task A_damaged_zip_or_gzip_has_the_same_outcome_in_whatever_pieces_it_is_read(long number)
    {
        var failures = new List<FuzzFailure>();
        using var target = new DatasetTarget();

        await new FuzzRunner(target, seed: 1, failures.Add).RunAsync(number, TestContext.Current.CancellationToken);

        Assert.Empty(failures);
    }
}
