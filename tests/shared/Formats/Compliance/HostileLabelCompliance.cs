using System.Text;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Compliance;

/// <summary>Label files of strangers: damaged, cut off, or written to harm. Reading ends, and its only exception is a rejection with a
/// reason.</summary>
public sealed class HostileLabelCompliance
{
    private const int Cuts = 24;
    private const int Damages = 40;
    private const int Depth = 100_000;

    public static TheoryData<string> Samples => LabelSamples.Names;

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Samples))]
    public async Task A_file_that_is_cut_off_is_read_up_to_there_or_rejected(string name)
    {
        (LabelSample sample, LabelScene scene) = Drawn(name);
        foreach ((string path, byte[] content) in Write(sample, scene).Take(3))
        {
            for (int cut = 0; cut < Cuts; cut++)
                await HostileReading.AssertHarmlessAsync(sample, scene, path, content[..(content.Length * cut / Cuts)]);
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Samples))]
    public async Task Damaged_bytes_do_no_harm(string name)
    {
        (LabelSample sample, LabelScene scene) = Drawn(name);
        var random = new Random(20);
        foreach ((string path, byte[] content) in Write(sample, scene).Take(2))
        {
            for (int i = 0; i < Damages; i++)
            {
                byte[] damaged = [.. content];
                for (int hit = random.Next(1, 5); hit > 0; hit--)
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                await HostileReading.AssertHarmlessAsync(sample, scene, path, damaged);
            }
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Samples))]
    public async Task Random_bytes_are_no_labels(string name)
    {
        (LabelSample sample, LabelScene scene) = Drawn(name);
        var random = new Random(21);
        foreach ((string path, _) in Write(sample, scene).Take(2))
        {
            byte[] bytes = new byte[random.Next(1, 100_000)];
            random.NextBytes(bytes);
            await HostileReading.AssertHarmlessAsync(sample, scene, path, bytes);
        }
    }

    /// <summary>Each place of the text gets a run of opening brackets, elements or quotes that never close.</summary>
    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Samples))]
    public async Task Deep_nesting_and_endless_values_do_no_harm(string name)
    {
        (LabelSample sample, LabelScene scene) = Drawn(name);
        foreach ((string path, byte[] content) in Write(sample, scene).Take(2))
        {
            foreach (string deep in (string[])["[", "{\"a\":", "<a>", "\"", "- ", "9"])
            {
                byte[] run = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(deep, Depth)));
                foreach (int place in (int[])[0, content.Length / 2, content.Length])
                    await HostileReading.AssertHarmlessAsync(sample, scene, path, [.. content[..place], .. run, .. content[place..]]);
            }
        }
    }

    /// <summary>Entities that multiply ("billion laughs") or read a local file, and aliases that multiply in YAML.</summary>
    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Samples))]
    public async Task Entities_and_aliases_are_not_expanded(string name)
    {
        (LabelSample sample, LabelScene scene) = Drawn(name);
        string entities = string.Concat(Enumerable.Range(1, 9).Select(i => $"<!ENTITY e{i} \"{string.Concat(Enumerable.Repeat($"&e{i - 1};", 10))}\">"));
        string xml = $"<?xml version=\"1.0\"?><!DOCTYPE dataset [<!ENTITY e0 \"ha\">{entities}<!ENTITY f SYSTEM \"file:///etc/passwd\">]>"
            + "<dataset><name>&e9;&f;</name><images><image file='a.png'><box top='1' left='1' width='9' height='9'><part name='&e9;' x='2' y='2'/></box></image></images></dataset>";
        string yaml = "a0: &a0 [x, x]\n"
            + string.Concat(Enumerable.Range(1, 40).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n")) + "kpt_shape: *a40\nnames: *a40\n";
        foreach ((string path, byte[] content) in Write(sample, scene).Take(2))
        {
            await HostileReading.AssertHarmlessAsync(sample, scene, path, Encoding.UTF8.GetBytes(xml));
            await HostileReading.AssertHarmlessAsync(sample, scene, path, [.. Encoding.UTF8.GetBytes(yaml), .. content]);
        }
    }

    /// <summary>Paths that leave the set, control characters, formulas and markup.</summary>
    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Samples))]
    public async Task Strange_names_of_pictures_and_keypoints_do_no_harm(string name)
    {
        LabelSample sample = LabelSamples.Find(name);
        foreach (string[] strange in StrangeNames.Some(combinations: 100).Chunk(SceneDraw.FaceNames.Count))
        {
            LabelScene scene = SceneDraw.Complete(sample, strange.Length);
            scene = scene with
            {
                Keypoints = sample.FixedKeypoints ?? [.. scene.Keypoints.Select((keypoint, k) => k < strange.Length ? strange[k] : keypoint)],
                Pictures = [.. scene.Pictures.Select((picture, i) => picture with { Name = strange[i] })],
            };
            await HostileReading.AssertHarmlessAsync(Write(sample, scene));
        }
    }

    private static (LabelSample Sample, LabelScene Scene) Drawn(string name)
    {
        LabelSample sample = LabelSamples.Find(name);
        return (sample, SceneDraw.Everything(sample, seed: 5));
    }

    private static (string Path, byte[] Content)[] Write(LabelSample sample, LabelScene scene) =>
        [.. sample.Write(scene).Select(file => (file.Path, Encoding.UTF8.GetBytes(file.Text)))];
}
