using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.TestSupport.Documents;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats;

/// <summary>The table of <c>shared/Formats/README.md</c> against the code.</summary>
public sealed class FormatTableTests
{
    [Fact]
    public void The_table_says_what_each_format_can_express()
    {
        MarkdownPage page = MarkdownPage.Read("shared/Formats/README.md");

        Findings.AssertSame(
            page.Path,
            page.Table("Labels whose pictures are files", "format").Select(row => (row.Place, string.Join(" | ", row.Cells.Select(cell => cell.Text)))),
            LabelFormats.All.Select(Row));
    }

    private static string Row(ILabelFormat format) => string.Join(
        " | ",
        format.Name,
        string.Join(", ", format.Endings),
        YesOrNo(format.Traits.Writes),
        YesOrNo(format.Traits.States),
        YesOrNo(format.Traits.Boxes),
        YesOrNo(format.Traits.SeveralInstances));

    private static string YesOrNo(bool value) => value ? "yes" : "no";
}
