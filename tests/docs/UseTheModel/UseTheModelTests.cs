using System.Text.Json;
using KeypointPipeline.Images;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Local.Storage;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Documents;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Xunit;

namespace KeypointPipeline.Docs.Tests.UseTheModel;

/// <summary>The programs of docs/use-the-model.md, taken from the page: they predict the same as <c>keypoints predict</c>.</summary>
public sealed class UseTheModelTests : IDisposable
{
    /// <summary>Frame pixels, as the page states them.</summary>
    private const double PngTolerance = 0.01;
    private const double JpegTolerance = 0.1;

    private static readonly MarkdownPage Page = MarkdownPage.Read("docs/use-the-model.md");

    private readonly TemporaryFolder _folder = TestFolder.Create("use the model");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_CSharp_program_predicts_as_this_pipeline_does()
    {
        string program = Path.Combine(AppContext.BaseDirectory, $"use-the-model-{Guid.NewGuid():N}.dll");
        try
        {
            Compile(Program("csharp"), program);
            string tests = Path.Combine(AppContext.BaseDirectory, "KeypointPipeline.Docs.Tests");

            await AssertPredictsAsync("dotnet", ["exec", "--runtimeconfig", $"{tests}.runtimeconfig.json", "--depsfile", $"{tests}.deps.json", program]);
        }
        finally
        {
            File.Delete(program);
        }
    }

    [Fact]
    public async Task The_JavaScript_program_predicts_as_this_pipeline_does()
    {
        var packages = new NodePackages(
            "the JavaScript program on docs/use-the-model.md",
            Path.Combine(RepositoryRoot.Path, "tests", "docs", "UseTheModel"),
            Path.Combine(RepositoryRoot.Path, "artifacts", "use-the-model"));
        string installed;
        try
        {
            installed = await packages.EnsureAsync(() => TestContext.Current.SendDiagnosticMessage("Installing onnxruntime-web and sharp from npm, once: 160 MB"), Cancel);
        }
        catch (MissingToolException e)
        {
            Assert.Skip($"onnxruntime-web and sharp are not here: {e.Message}");
            return;
        }

        // Node looks for packages beside the program.
        string program = Path.Combine(installed, $"predict-{Guid.NewGuid():N}.mjs");
        try
        {
            await File.WriteAllTextAsync(program, Program("js"), Cancel);

            await AssertPredictsAsync("node", [program]);
        }
        finally
        {
            File.Delete(program);
        }
    }

    /// <summary>Python is not needed to build this project, so nothing runs its program here.</summary>
    [Fact]
    public void The_Python_program_names_the_same_inputs_outputs_and_metadata()
    {
        string python = Program("python");

        Assert.All((string[])["\"images\"", "\"keypoints\"", "\"uncertainty\"", "keypoints.schema", "19595", "38470", "7471"], part => Assert.Contains(part, python, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private static string Program(string language) => Assert.Single(Page.CodeBlocks(language)).Text;

    private async Task AssertPredictsAsync(string tool, IReadOnlyList<string> arguments)
    {
        string model = _folder.File("model.onnx");
        ExampleModel.Export(model);
        string photos = Directory.CreateDirectory(_folder.File("photos")).FullName;
        ExamplePhotos.Write(photos);
        ToolOutcome reference = await RunAsync(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "keypoints.dll"), "predict", "--model", model, "--images", photos, "--out", _folder.File("results")]);
        Assert.True(reference.ExitCode == 0, reference.Errors);
        JsonElement[] expected = [.. File.ReadAllLines(_folder.File("results/keypoints.jsonl")).Select(PipelineJson.Read<JsonElement>)];

        ToolOutcome outcome = await RunAsync(tool, [.. arguments, model, .. expected.Select(image => Path.Combine(photos, Name(image)))]);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        JsonElement[] actual = [.. outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(PipelineJson.Read<JsonElement>)];
        Assert.Equal(expected.Select(Name), actual.Select(image => Path.GetFileName(Name(image))));
        Assert.True(Spread(expected) > 3, "The model predicts about the same for every photo, so the comparison shows nothing.");
        foreach ((JsonElement mine, JsonElement theirs) in expected.Zip(actual))
            AssertSame(mine, theirs);
    }

    private static void AssertSame(JsonElement expected, JsonElement actual)
    {
        FrameTransform fit = Fit(expected);
        double tolerance = (Name(expected).EndsWith(".png", StringComparison.Ordinal) ? PngTolerance : JpegTolerance) * fit.Scale;
        Assert.Equal(ExampleModel.Schema.Names, actual.GetProperty("keypoints").EnumerateObject().Select(point => point.Name));
        Assert.Equal(JsonValueKind.Null, actual.GetProperty("keypoints").GetProperty("never_labelled").ValueKind);
        foreach (JsonProperty point in expected.GetProperty("keypoints").EnumerateObject())
            AssertNear(point.Value, actual.GetProperty("keypoints").GetProperty(point.Name), $"{Name(expected)}, {point.Name}");
        AssertNear(expected.GetProperty("uncertainty"), actual.GetProperty("uncertainty"), $"{Name(expected)}, uncertainty");

        void AssertNear(JsonElement mine, JsonElement theirs, string what)
        {
            double?[] all = Numbers(mine);
            Assert.Equal(all.Select(number => number is null), Numbers(theirs).Select(number => number is null));
            double difference = all.Zip(Numbers(theirs), (a, b) => Math.Abs((a - b) ?? 0)).DefaultIfEmpty().Max();
            Assert.True(difference <= tolerance, $"{what} differs by {difference:0.000} pixels; {tolerance:0.000} are allowed: {mine} and {theirs}");
        }
    }

    /// <summary>How far the predictions of a keypoint lie apart, in frame pixels.</summary>
    private static double Spread(JsonElement[] images)
    {
        double[] x = [.. images.Select(image => Fit(image).ToFrame(image.GetProperty("keypoints").GetProperty("left_eye")[0].GetDouble(), 0).X)];
        return x.Max() - x.Min();
    }

    private static FrameTransform Fit(JsonElement image) => FrameTransform.Fit(
        image.GetProperty("width").GetInt32(), image.GetProperty("height").GetInt32(), ExampleModel.Schema.FrameWidth, ExampleModel.Schema.FrameHeight);

    private static string Name(JsonElement image) => image.GetProperty("image").GetString()!;

    private static double?[] Numbers(JsonElement list) => list.ValueKind == JsonValueKind.Null
        ? []
        : [.. list.EnumerateArray().Select(number => number.ValueKind == JsonValueKind.Null ? (double?)null : number.GetDouble())];

    private static void Compile(string code, string path)
    {
        string assemblies = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        var compilation = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(path),
            [CSharpSyntaxTree.ParseText(code, cancellationToken: Cancel)],
            assemblies.Split(Path.PathSeparator).Select(assembly => MetadataReference.CreateFromFile(assembly)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        EmitResult result = compilation.Emit(path, cancellationToken: Cancel);
        Assert.Empty(result.Diagnostics.Where(found => found.Severity >= DiagnosticSeverity.Warning));
    }

    private static Task<ToolOutcome> RunAsync(string program, IReadOnlyList<string> arguments) =>
        CapturedProcess.RunAsync(program, arguments, workingFolder: null, environment: null, Cancel);
}
