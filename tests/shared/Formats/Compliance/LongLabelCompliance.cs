using KeypointPipeline.Formats.Pictures;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Compliance;

/// <summary>Long label files. The tests measure this process's memory, so nothing else runs beside them.</summary>
[Collection(nameof(MemoryMeasurement))]
public sealed class LongLabelCompliance
{
    private const int Rows = 50_000;

    /// <summary>What a row may leave behind: its picture's path and the place of its labels in a temporary file. A row that is kept would take
    /// 260 bytes for its points alone.</summary>
    private const int BytesPerRow = 200;

    private static readonly string[] Names = [.. Enumerable.Range(0, 16).Select(k => $"point_{k}")];

    public static TheoryData<string> Samples => LabelSamples.Names;

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Samples))]
    public async Task Fifty_thousand_rows_are_not_kept_in_memory(string name)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        LabelSample sample = LabelSamples.Find(name);
        await using SampleSet set = await SampleSet.OpenAsync(sample, SceneDraw.Complete(sample, Rows, Names), cancel);
        RecognisedLabels labels = set.Recognised[0];

        LabelReader? reader = await labels.Format.OpenAsync(set.Files, labels.Files, cancel);
        int pictures = await reader.ReadAsync(cancel).CountAsync(cancel);
        long during = GC.GetTotalMemory(forceFullCollection: true);
        await reader.DisposeAsync();
        reader = null;

        // Not compared with the memory before the reading: what made the set could still be on a stack then, with all its text.
        long after = GC.GetTotalMemory(forceFullCollection: true);
        Assert.Equal(Rows, pictures);
        Assert.InRange(during - after, long.MinValue, (long)Rows * BytesPerRow);
    }
}

/// <summary>Tests that measure the memory of the whole process, one after the other.</summary>
[CollectionDefinition(nameof(MemoryMeasurement), DisableParallelization = true)]
public sealed class MemoryMeasurement;
