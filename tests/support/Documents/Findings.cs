using Xunit;

namespace KeypointPipeline.TestSupport.Documents;

/// <summary>Collects what is wrong with a page, so that a red test lists all of it.</summary>
public static class Findings
{
    /// <summary>Fails with one line for each finding.</summary>
    public static void AssertNone(IEnumerable<string> findings)
    {
        string text = string.Join(Environment.NewLine, findings);
        if (text.Length > 0)
            Assert.Fail(text);
    }

    /// <summary>Fails unless a table is about exactly what the code has.</summary>
    /// <param name="page">The page's path.</param>
    /// <param name="rows">The table.</param>
    /// <param name="actual">What the code has.</param>
    public static void AssertTable(string page, IEnumerable<PageRow> rows, IEnumerable<string> actual) =>
        AssertSame(page, rows.SelectMany(row => row.Subjects, (row, subject) => (row.Place, subject)), actual);

    /// <summary>Fails unless a page says exactly what the code has.</summary>
    /// <param name="page">The page's path.</param>
    /// <param name="told">What the page says, and where.</param>
    /// <param name="actual">What the code has.</param>
    public static void AssertSame(string page, IEnumerable<(string Place, string Text)> told, IEnumerable<string> actual)
    {
        string[] expected = [.. actual];
        (string Place, string Text)[] said = [.. told];
        Assert.NotEmpty(expected);
        AssertNone(
        [
            .. said.Where(row => !expected.Contains(row.Text)).Select(row => $"{row.Place}: the code has no '{row.Text}'"),
            .. expected.Except(said.Select(row => row.Text)).Select(missing => $"{page}: no row for '{missing}'"),
            .. said.CountBy(row => row.Text).Where(row => row.Value > 1).Select(row => $"{page}: '{row.Key}' has {row.Value} rows"),
        ]);
    }
}
