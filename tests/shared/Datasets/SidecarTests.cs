using System.IO.Compression;
using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using KeypointPipeline.Datasets;
using KeypointPipeline.Files;
using KeypointPipeline.Images;
using KeypointPipeline.Images.Placing;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets;

/// <summary>What a person states in a file beside a labelled file or in its zip.</summary>
public sealed class SidecarTests
{
    private static readonly string[] Members = ["mirror", "frame", "group", "missing", "coordinates", "framing", "other"];

    private const string Header = "1_x,1_y,2_x,2_y,person,Image";

    [Fact]
    public async Task Mirror_pairs_beside_the_file_are_in_dataset_and_report_and_change_the_id()
    {
        PreparationOutcome plain = await PrepareAsync(Csv(), sidecar: null);
        PreparationOutcome stated = await PrepareAsync(Csv(), """{"mirror": [["2", "1"]]}""");

        Assert.Equal([1, 0], stated.Manifest!.Schema.MirrorMap);
        Assert.Equal([new MirrorPair("2", "1")], stated.Report.Mirror!.Pairs);
        Assert.Equal("1 mirror pair as stated: 2:1", stated.Report.MirrorNote);
        Assert.NotEqual(plain.Manifest!.DatasetId, stated.Manifest.DatasetId);
        Assert.False(plain.Manifest.Schema.CanMirror);
        Assert.StartsWith("no mirror pairs are known: nothing is mirrored. ", plain.Report.MirrorNote, StringComparison.Ordinal);
        Assert.EndsWith("faces.csv.keypoints.json", plain.Report.MirrorNote, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_statement_that_says_what_the_names_say_leaves_the_id_as_it_is()
    {
        string csv = Csv().Replace("1_", "eye_l_", StringComparison.Ordinal).Replace("2_", "eye_r_", StringComparison.Ordinal);
        PreparationOutcome named = await PrepareAsync(csv, sidecar: null);
        PreparationOutcome stated = await PrepareAsync(csv, """{"mirror": [["eye_r", "eye_l"]]}""");
        PreparationOutcome none = await PrepareAsync(csv, """{"mirror": "none"}""");

        Assert.Equal(named.Manifest!.DatasetId, stated.Manifest!.DatasetId);
        Assert.NotEqual(named.Manifest.DatasetId, none.Manifest!.DatasetId);
        Assert.False(none.Manifest.Schema.CanMirror);
        Assert.Equal("no mirror pairs, as stated: nothing is mirrored", none.Report.MirrorNote);
    }

    [Fact]
    public async Task A_statement_on_the_command_line_counts_more_than_the_sidecar()
    {
        PreparationOutcome outcome = await PrepareAsync(
            Csv(), """{"mirror": "none"}""", new DatasetOptions { Mirror = MirrorStatement.Parse("1:2", "--mirror") });

        Assert.Equal([1, 0], outcome.Manifest!.Schema.MirrorMap);
    }

    [Fact]
    public async Task Frame_and_group_column_can_be_stated()
    {
        PreparationOutcome plain = await PrepareAsync(Csv(pixels: 128), """{"frame": "16x8"}""");
        PreparationOutcome grouped = await PrepareAsync(Csv(pixels: 128), """{"frame": "16x8", "group": "Person"}""");

        Assert.Equal(new FrameSize(16, 8), plain.Report.Frame);
        Assert.Equal(["Ignored columns: person."], plain.Report.Warnings);
        Assert.Empty(grouped.Report.Warnings);
        Assert.NotEqual(plain.Manifest!.DatasetId, grouped.Manifest!.DatasetId);
    }

    [Theory]
    [InlineData("keypoints.json", "faces.csv")]
    [InlineData("KEYPOINTS.json", "sub/faces.csv")]
    [InlineData("sub/keypoints.json", "sub/faces.csv")]
    [InlineData("faces.csv.keypoints.json", "faces.csv")]
    public async Task A_zip_brings_its_sidecar_along(string sidecar, string table)
    {
        PreparationOutcome outcome = await PrepareZipAsync(beside: null, (table, Csv()), (sidecar, """{"mirror": [["1", "2"]]}"""));

        Assert.Equal([1, 0], outcome.Manifest!.Schema.MirrorMap);
    }

    [Fact]
    public async Task The_sidecar_beside_a_zip_replaces_the_one_inside()
    {
        PreparationOutcome outcome = await PrepareZipAsync(
            """{"mirror": "none"}""", ("faces.csv", Csv()), ("keypoints.json", """{"mirror": [["1", "2"]]}"""));

        Assert.False(outcome.Manifest!.Schema.CanMirror);
    }

    [Fact]
    public async Task Two_sidecars_in_a_zip_are_refused()
    {
        PreparationOutcome outcome = await PrepareZipAsync(
            beside: null, ("sub/faces.csv", Csv()), ("keypoints.json", "{}"), ("sub/keypoints.json", "{}"));

        Assert.Equal("faces.zip contains keypoints.json, sub/keypoints.json: one of them is expected.", outcome.Report.Rejection);
    }

    [Theory]
    [InlineData("[1", "faces.csv.keypoints.json is not JSON: ")]
    [InlineData("[]", "faces.csv.keypoints.json holds []; an object such as {\"mirror\": \"none\"} is expected.")]
    [InlineData("""{"mirrors": "none"}""", "faces.csv.keypoints.json has a member 'mirrors', which is unknown; mirror, frame, group, missing, coordinates and framing are known.")]
    [InlineData("""{"mirror": "auto"}""", "faces.csv.keypoints.json, member mirror: \"none\" or a list of pairs such as [[\"eye_l\", \"eye_r\"]] is expected; it is \"auto\".")]
    [InlineData("""{"mirror": [["1", 2]]}""", "faces.csv.keypoints.json, member mirror: \"none\" or a list of pairs")]
    [InlineData("""{"mirror": []}""", "faces.csv.keypoints.json, member mirror: \"none\" or a list of pairs")]
    [InlineData("""{"mirror": [["1", "2", "1"]]}""", "faces.csv.keypoints.json, member mirror: '1:2:1' is not a pair.")]
    [InlineData("""{"mirror": [["1", "3"]]}""", "faces.csv.keypoints.json, member mirror: '3' is not a keypoint. The keypoints are 1, 2.")]
    [InlineData("""{"frame": "96"}""", "faces.csv.keypoints.json, member frame: a text such as \"128x96\", width and height in pixels is expected; it is \"96\".")]
    [InlineData("""{"frame": 96}""", "faces.csv.keypoints.json, member frame: ")]
    [InlineData("""{"group": ""}""", "faces.csv.keypoints.json, member group: the name of a column is expected; it is \"\".")]
    [InlineData("""{"group": "who"}""", "faces.csv: the header cannot be used: there is no column who, which is stated to be the group.")]
    [InlineData("""{"framing": "given"}""", "faces.csv.keypoints.json, member framing: \"whole\" or \"box\" or \"points\", or {\"kind\": \"box\", \"margin\": 1.2} with a margin from 0.5 to 4, is expected; it is \"given\".")]
    [InlineData("""{"framing": {"kind": "box", "margin": 9}}""", "faces.csv.keypoints.json, member framing: \"whole\" or")]
    [InlineData("""{"framing": {"kind": "whole", "margin": 1.2}}""", "faces.csv.keypoints.json, member framing: ")]
    [InlineData("""{"framing": {"kind": "box", "side": 1.2}}""", "faces.csv.keypoints.json, member framing: ")]
    [InlineData("""{"framing": {"margin": 1.2}}""", "faces.csv.keypoints.json, member framing: ")]
    [InlineData("""{"framing": ["box"]}""", "faces.csv.keypoints.json, member framing: ")]
    [InlineData("""{"group": "person", "group": "x"}""", "faces.csv.keypoints.json is not JSON: ")]
    public async Task A_wrong_sidecar_refuses_the_file_and_says_what_is_expected(string sidecar, string reason)
    {
        PreparationOutcome outcome = await PrepareAsync(Csv(), sidecar);

        Assert.StartsWith(reason, outcome.Report.Rejection, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"framing": "whole"}""", FramingKind.Whole, null)]
    [InlineData("""{"framing": "points"}""", FramingKind.Points, null)]
    [InlineData("""{"framing": {"kind": "points"}}""", FramingKind.Points, null)]
    [InlineData("""{"framing": {"kind": "box", "margin": 1.2}}""", FramingKind.Box, 1.2)]
    public void A_framing_can_be_stated(string sidecar, FramingKind kind, double? margin)
    {
        var stated = StatedFacts.Parse(new SidecarFile("a.csv.keypoints.json", Encoding.UTF8.GetBytes(sidecar)));

        Assert.Equal(new FramingStatement(kind, margin), stated.Framing);
    }

    [Property(MaxTest = 500)]
    public void Whatever_a_sidecar_holds_is_read_or_refused(string text, byte[] bytes, byte member, bool escaped)
    {
        string name = Members[member % Members.Length];
        byte[][] contents =
        [
            bytes,
            Encoding.UTF8.GetBytes(text ?? ""),
            Encoding.UTF8.GetBytes($"{{\"{name}\": {(escaped ? JsonSerializer.Serialize(text) : text)}}}"),
            [.. Encoding.UTF8.GetBytes($"{{\"{name}\": \""), .. bytes, .. "\"}"u8],
            Encoding.UTF8.GetBytes($"{{\"{name}\": [[\"\\ud800\", {JsonSerializer.Serialize(text)}]]}}"),
        ];
        foreach (byte[] content in contents)
        {
            try
            {
                StatedFacts.Parse(new SidecarFile("a.csv.keypoints.json", content)).Mirror?.Apply(["1", "2"]);
            }
            catch (Exception e) when (e is RejectedFileException or FormatException)
            {
                Assert.Contains("a.csv.keypoints.json", e.Message, StringComparison.Ordinal);
                Assert.DoesNotContain(e is RejectedFileException ? e.Message : "", char.IsControl);
            }
        }
    }

    [Fact]
    public async Task A_sidecar_with_a_byte_order_mark_is_read_and_one_that_is_too_large_is_refused()
    {
        PreparationOutcome marked = await PrepareAsync(Csv(), '\uFEFF' + """{"mirror": "none"}""");
        PreparationOutcome large = await PrepareZipAsync(beside: null, ("faces.csv", Csv()), ("keypoints.json", new string(' ', SidecarFile.LargestBytes + 1)));

        Assert.True(marked.Accepted);
        Assert.Contains("1,048,577 bytes; at most 1,048,576 are allowed", large.Report.Rejection, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_local_file_brings_the_sidecar_beside_it()
    {
        using TemporaryFolder folder = TestFolder.Create("sidecar");
        string path = folder.File("faces.csv");
        await File.WriteAllTextAsync(path, Csv(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(path + SidecarFile.Ending, """{"mirror": [["1", "2"]]}""", TestContext.Current.CancellationToken);

        PreparationOutcome outcome = await PreparedForTest.PrepareAsync(DatasetSource.FromFile(path), folder.File("prepared"));

        Assert.Equal([1, 0], outcome.Manifest!.Schema.MirrorMap);
    }

    [Fact]
    public async Task Numbered_points_of_upright_faces_get_the_pairs_of_their_published_order()
    {
        string header = string.Join(',', Enumerable.Range(0, 5).Select(i => $"{i}_x,{i}_y")) + ",Image";
        string Row(int seed, string points) => $"{points},{SmallTable.Image(seed)}";
        string faces = string.Join('\n', [header, .. Enumerable.Range(0, 30).Select(i => Row(i, "2,2,6,2,4,4,3,6,5,6"))]) + "\n";
        string others = string.Join('\n', [header, .. Enumerable.Range(0, 30).Select(i => Row(i, "6,2,2,2,4,4,3,6,5,6"))]) + "\n";

        PreparationOutcome face = await PrepareAsync(faces, sidecar: null);
        PreparationOutcome other = await PrepareAsync(others, sidecar: null);
        PreparationOutcome stated = await PrepareAsync(faces, """{"mirror": "none"}""");

        Assert.Equal([1, 0, 2, 4, 3], face.Manifest!.Schema.MirrorMap);
        Assert.Equal("2 mirror pairs in the order of 5 CelebA: 0:1, 3:4", face.Report.MirrorNote);
        Assert.False(other.Manifest!.Schema.CanMirror);
        Assert.Contains("0 and 1 lie left and right in 0", Assert.Single(other.Report.Warnings), StringComparison.Ordinal);
        Assert.False(stated.Manifest!.Schema.CanMirror);
        Assert.NotEqual(face.Manifest.DatasetId, stated.Manifest.DatasetId);
    }

    private static string Csv(int pixels = SmallTable.Pixels) => string.Join(
        '\n', [Header, .. Enumerable.Range(0, 12).Select(i => $"1,2,3,4,person {i / 3},{SmallTable.Image(i, pixels)}")]) + "\n";

    private static Task<PreparationOutcome> PrepareAsync(string csv, string? sidecar, DatasetOptions? options = null) =>
        PrepareAsync(PreparedForTest.Source(Encoding.UTF8.GetBytes(csv), "faces.csv"), sidecar, options);

    private static async Task<PreparationOutcome> PrepareZipAsync(string? beside, params (string Name, string Content)[] files)
    {
        using var zipped = new MemoryStream();
        await using (var zip = new ZipArchive(zipped, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string content) in files)
            {
                await using Stream entry = await zip.CreateEntry(name).OpenAsync();
                await entry.WriteAsync(Encoding.UTF8.GetBytes(content));
            }
        }

        return await PrepareAsync(PreparedForTest.Source(zipped.ToArray(), "faces.zip"), beside, options: null);
    }

    private static async Task<PreparationOutcome> PrepareAsync(DatasetSource source, string? sidecar, DatasetOptions? options)
    {
        using TemporaryFolder folder = TestFolder.Create("sidecar");
        SidecarFile? file = sidecar is null ? null : new SidecarFile(source.Name + SidecarFile.Ending, Encoding.UTF8.GetBytes(sidecar));
        return await PreparedForTest.PrepareAsync(source with { FindSidecarAsync = _ => Task.FromResult(file) }, folder.Path, options);
    }
}
