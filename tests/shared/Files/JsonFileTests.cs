using KeypointPipeline.Files;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Files;

public sealed class JsonFileTests
{
    [Fact]
    public void A_document_is_read_as_it_was_written()
    {
        using TemporaryFolder folder = TestFolder.Create("json");
        File.WriteAllText(folder.File("note.json"), """{"name":"nose","count":3}""");

        Assert.Equal(new Note("nose", 3), JsonFile.Find<Note>(folder.File("note.json")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"name\":\"no")]
    [InlineData("{\"name\":\"nose\",\"count\":\"many\"}")]
    public void A_file_that_is_no_such_document_is_like_none(string content)
    {
        using TemporaryFolder folder = TestFolder.Create("json");
        File.WriteAllText(folder.File("note.json"), content);

        Assert.Null(JsonFile.Find<Note>(folder.File("note.json")));
    }

    [Fact]
    public void A_file_or_folder_that_is_missing_gives_nothing()
    {
        using TemporaryFolder folder = TestFolder.Create("json");

        Assert.Null(JsonFile.Find<Note>(folder.File("note.json")));
        Assert.Null(JsonFile.Find<Note>(folder.File("nowhere/note.json")));
    }

    [Fact]
    public void A_file_that_is_there_and_cannot_be_read_is_an_error()
    {
        using TemporaryFolder folder = TestFolder.Create("json");

        Assert.ThrowsAny<UnauthorizedAccessException>(() => JsonFile.Find<Note>(folder.Path));
    }

    private sealed record Note(string Name, int Count);
}
