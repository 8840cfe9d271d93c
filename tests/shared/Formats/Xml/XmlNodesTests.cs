using System.Text;
using System.Xml;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Xml;
using KeypointPipeline.Shared.Tests.Formats.Compliance;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Xml;

public sealed class XmlNodesTests
{
    [Fact]
    public async Task The_text_of_an_element_is_its_own_and_reading_goes_on_after_it()
    {
        (string text, string next) = await ReadAsync("<a>\n<b> one <c>two</c><![CDATA[&]]> </b>\n<d/></a>", async nodes =>
        {
            await GoToAsync(nodes, "b");
            string text = await nodes.ReadTextAsync();
            await nodes.ReadAsync();
            return (text, $"{nodes.Node.Name} in line {nodes.Line}");
        });

        Assert.Equal(("one &", "d in line 3"), (text, next));
    }

    [Fact]
    public async Task Long_texts_are_cut()
    {
        string text = await ReadAsync($"<a>{new string('x', 200_000)}</a>", async nodes =>
        {
            await GoToAsync(nodes, "a");
            return await nodes.ReadTextAsync();
        });

        Assert.Equal(XmlNodes.LongestText, text.Length);
    }

    [Theory]
    [InlineData("<a><b>", "x.xml is not valid XML at line 1, column 7. Export or copy it again.")]
    [InlineData("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "x.xml is not valid XML, or has a DTD (<!DOCTYPE), which is not read. Export it again without one.")]
    [InlineData("<a>&e;</a>", "x.xml is not valid XML at line 1")]
    public async Task Other_files_are_rejected_with_the_place(string xml, string reason)
    {
        var error = await Assert.ThrowsAsync<RejectedFileException>(() => ReadAsync(xml, CountAsync));

        Assert.StartsWith(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deep_nesting_is_rejected()
    {
        string deep = string.Concat(Enumerable.Repeat("<a>", XmlNodes.DeepestNesting + 2));

        var error = await Assert.ThrowsAsync<RejectedFileException>(() => ReadAsync(deep, CountAsync));

        Assert.Equal("x.xml, line 1: elements are nested more than 256 deep.", error.Message);
    }

    [Theory]
    [InlineData("<a b=\"", "\"/>")]
    [InlineData("<a>", "</a>")]
    public async Task A_node_that_takes_too_much_memory_is_rejected(string before, string after)
    {
        string large = before + new string('x', XmlNodes.LargestNode + (1024 * 1024)) + after;

        var error = await Assert.ThrowsAsync<RejectedFileException>(() => ReadAsync(large, async nodes =>
        {
            await GoToAsync(nodes, "a");
            return await nodes.ReadTextAsync();
        }));

        Assert.Equal("x.xml has an element or a text of more than 67,108,864 bytes. Export it again without what is so large.", error.Message);
    }

    [Fact]
    public async Task Reading_stops_when_it_is_cancelled()
    {
        using var cancelled = new CancellationTokenSource();

        await Assert.ThrowsAsync<OperationCanceledException>(() => ReadAsync(
            "<a><b/></a>",
            async nodes =>
            {
                await GoToAsync(nodes, "a");
                await cancelled.CancelAsync();
                return await nodes.ReadAsync();
            },
            cancelled.Token));
    }

    private static async Task GoToAsync(XmlNodes nodes, string element)
    {
        while (await nodes.ReadAsync() && !(nodes.Node.NodeType == XmlNodeType.Element && nodes.Node.Name == element))
        {
        }
    }

    private static async Task<int> CountAsync(XmlNodes nodes)
    {
        int count = 0;
        while (await nodes.ReadAsync())
            count++;
        return count;
    }

    private static async Task<T> ReadAsync<T>(string xml, Func<XmlNodes, Task<T>> read, CancellationToken? cancellationToken = null)
    {
        await using SampleSet set = await SampleSet.OpenAsync([("x.xml", Encoding.UTF8.GetBytes(xml))], [], TestContext.Current.CancellationToken);
        await using XmlNodes nodes = await XmlNodes.OpenAsync(set.Files, set.Files.Files[0], cancellationToken ?? TestContext.Current.CancellationToken);
        return await read(nodes);
    }
}
