using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Local.Storage;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Local.Tests.Storage;

public sealed class LargeIndexTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_blob_is_found_by_its_name_and_not_by_looking_at_all_of_the_account() => Assert.Equal(
        "found b/0777, looked at 1\nnothing found\nfound the other container's",
        await RunAsync("""
            const blobs = new Loki('').addCollection('blobs', { indices: ['accountName', 'containerName', 'name', 'snapshot'] });
            let looks = 0;
            for (let i = 0; i < 1000; i++)
              blobs.insert({ name: `b/${String(i).padStart(4, '0')}`, snapshot: '', accountName: 'a', get containerName() { looks++; return 'images'; } });
            blobs.insert({ name: 'b/0777', snapshot: '', accountName: 'a', containerName: 'results' });
            const find = containerName => blobs.findOne({ accountName: 'a', containerName, name: 'b/0777', snapshot: '' });
            looks = 0;
            const found = find('images');
            console.log(`found ${found.name}, looked at ${looks}`);
            console.log(find('models') === null ? 'nothing found' : 'found in the wrong container');
            console.log(`found ${find('results').containerName === 'results' ? "the other container's" : 'the wrong one'}`);
            """));

    [Fact]
    public async Task The_longer_saving_takes_the_seldomer_it_is_done() => Assert.Equal(
        "5000 5000 20000 5000",
        await RunAsync("""
            const waits = [];
            let next, now = 0, takes;
            globalThis.setTimeout = (callback, milliseconds) => { waits.push(milliseconds); next = callback; };
            performance.now = () => now;
            const index = new Loki('', { autosaveInterval: 5000 });
            index.autosaveDirty = () => takes > 0;
            index.saveDatabase = () => { now += takes; };
            index.autosaveEnable();
            for (takes of [100, 2000, 0])
              next();
            console.log(waits.join(' '));
            """));

    [Fact]
    public async Task A_blob_is_removed_without_sorting_all_others_again() => Assert.Equal(
        "removed 1, sorted 0 times, found 999 of 1000",
        await RunAsync("""
            const blobs = new Loki('').addCollection('blobs', { indices: ['accountName', 'containerName', 'name', 'snapshot'] });
            const named = i => ({ name: `b/${String(i * 7 % 1000).padStart(4, '0')}`, snapshot: '', accountName: 'a', containerName: 'images' });
            for (let i = 0; i < 1000; i++) blobs.insert(named(i));
            blobs.findOne(named(0));
            const { ensureIndex } = blobs;
            let sorted = 0;
            blobs.ensureIndex = (property, force) => { if (blobs.binaryIndices[property].dirty) sorted++; return ensureIndex.call(blobs, property, force); };
            blobs.findAndRemove(named(111));
            let found = 0;
            for (let i = 0; i < 1000; i++) found += blobs.find(named(i)).length;
            console.log(`removed ${1000 - blobs.count()}, sorted ${sorted} times, found ${found} of 1000`);
            """));

    private static async Task<string> RunAsync(string script)
    {
        using TemporaryFolder folder = TestFolder.Create("index");
        string main = await AzuriteInstallation.EnsureAsync(onProgress: null, Cancel);
        string file = folder.File("script.cjs");
        await File.WriteAllTextAsync(
            file,
            $$"""
            const Loki = require(require.resolve('lokijs', { paths: [process.argv[2]] }));
            require(process.argv[3]).install(Loki);
            {{script}}
            """,
            Cancel);
        string patch = Path.Combine(AzuriteInstallation.SourceFolder, "large-index.cjs");
        ToolOutcome outcome = await new NodeTool("this test").RunNodeAsync([file, main, patch], environment: null, Cancel);
        Assert.Equal("", outcome.Errors);
        return outcome.Output.Trim();
    }
}
