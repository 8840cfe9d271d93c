using KeypointPipeline.Api;
using KeypointPipeline.Local.Commands.Data;
using KeypointPipeline.Models;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Local.Tests.Commands.Data;

public sealed class ModelsCommandTests
{
    [Fact]
    public void The_list_says_why_the_champion_is_the_champion_and_what_the_rule_said_of_each_version()
    {
        ModelManifest first = ModelExamples.Manifest("v1", [1]);
        ModelManifest second = ModelExamples.Manifest("v2", [2]) with
        {
            Decision = new PromotionDecision(true, "better at 95 %: 1.312 px against 1.405 px", PromotionCase.SameRows),
        };
        ModelManifest third = second with { Version = "v3", Decision = new PromotionDecision(false, "not measured", PromotionCase.NotMeasured) };
        var champion = new ChampionPointer("v2", "v1", "better at 95 %", new DateTimeOffset(2026, 11, 26, 3, 4, 5, TimeSpan.Zero), []);

        string[] lines = [.. ModelsCommand.Decisions(new ModelList(champion, [third, second, first]))];

        Assert.Equal(
            [
                "champion v2, since 2026-11-26 03:04 UTC: better at 95 %",
                "v3 not promoted: not measured",
                "v2 promoted: better at 95 %: 1.312 px against 1.405 px",
            ],
            lines);
    }
}
