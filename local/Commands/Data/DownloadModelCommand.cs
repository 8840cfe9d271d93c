using System.CommandLine;
using System.Text.Json;
using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Local.Downloads;
using KeypointPipeline.Models;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Local.Commands.Data;

/// <summary><c>keypoints models download</c>: downloads a version's model file and manifest.</summary>
internal static class DownloadModelCommand
{
    public static Command Create(Option<DirectoryInfo> home, Option<bool> json)
    {
        var version = new Argument<string?>("version") { Description = "Version to download (default: the champion)", Arity = ArgumentArity.ZeroOrOne };
        var output = new Option<DirectoryInfo?>("--out") { Description = "Folder to write to (default: a folder named after the version)", HelpName = "DIR" };
        var command = new Command(
            "download",
            $"Download a model: {ModelRegistry.ModelFile} and {ModelRegistry.ManifestFile}\n\n"
            + "  keypoints models download --out my-model\n  keypoints models download 20261123-181500-3f2a9c0d\n\n"
            + "A second download into the folder replaces the files of the first, and no others. docs/use-the-model.md shows how to use the model\n\n"
            + "Exit codes: 0 both files are there; 1 there is no such version, or a file in the folder is in the way")
        {
            version, output,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RunningHost host = RunningHost.Connect(parsed.GetRequiredValue(home));
            ModelManifest manifest = await FindAsync(host, parsed.GetValue(version), cancellationToken);
            string folder = Path.GetFullPath(parsed.GetValue(output)?.FullName ?? manifest.Version);
            bool asJson = parsed.GetValue(json);
            await DownloadBar.RunAsync("downloading", asJson, progress =>
                new DownloadFolder(folder, "model").ReplaceAsync(Files(host, manifest), progress, cancellationToken));
            string file = Path.Combine(folder, ModelRegistry.ModelFile);
            Console.WriteLine(asJson
                ? JsonSerializer.Serialize(new DownloadedModel(manifest.Version, file, Path.Combine(folder, ModelRegistry.ManifestFile)), PipelineJson.Compact)
                : $"Model {manifest.Version}, {manifest.Evaluation.DescribeCandidate()}: {file}\nTry it: ./keypoints predict --model {file} --images photos --out results");
            return 0;
        });
        return command;
    }

    /// <summary>The files of a version. The manifest says that the model file is complete.</summary>
    public static IReadOnlyList<Download> Files(RunningHost host, ModelManifest manifest)
    {
        byte[] description = JsonSerializer.SerializeToUtf8Bytes(manifest, PipelineJson.Indented);
        return
        [
            new Download(ModelRegistry.ModelFile, manifest.ModelBytes, OpenAsync, manifest.ModelSha256),
            new Download(ModelRegistry.ManifestFile, description.Length, _ => Task.FromResult<Stream>(new MemoryStream(description))),
        ];

        async Task<Stream> OpenAsync(CancellationToken cancellationToken) =>
            await host.OpenFileAsync(ApiRoute.Of<ReadModel>().Path(manifest.Version), etag: null, cancellationToken)
            ?? throw new CommandException($"The file of model {manifest.Version} is gone from storage. Choose another version: `./keypoints models` lists them.");
    }

    private static async Task<ModelManifest> FindAsync(RunningHost host, string? version, CancellationToken cancellationToken)
    {
        ModelList list = await host.ListModelsAsync(cancellationToken);
        string wanted = version ?? list.Champion?.Version
            ?? throw new CommandException("There is no champion yet. Drop labelled data (./keypoints drop training.zip), or name a version that `./keypoints models` lists.");
        return list.Models.FirstOrDefault(model => model.Version == wanted)
            ?? throw new CommandException($"Model version '{wanted}' is not published; `./keypoints models` lists the versions.");
    }
}

/// <summary>What <c>models download --json</c> prints.</summary>
/// <param name="Version">The downloaded version.</param>
/// <param name="Model">Path of the model file.</param>
/// <param name="Manifest">Path of its manifest.</param>
internal sealed record DownloadedModel(string Version, string Model, string Manifest);
