using KeypointPipeline.Errors;
using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Commands;

/// <summary>The help text of <c>train</c> above its list of options.</summary>
internal static class TrainHelp
{
    /// <summary>Describes the command in terms of the program that the user called.</summary>
    public static string Describe(CalledProgram program)
    {
        string start = $"  {program.CommandLine([TrainerCommandLine.Train])}";
        return string.Join('\n',
        [
            "Train a model on a labelled file, without a storage server.",
            "",
            "Examples:",
            $"{start} --data training.zip --out my-model",
            $"{start} --data training.zip --out my-model --resume",
            $"{start} --data mine.csv --validation others.csv --out mine --epochs 40 --patience 10",
            $"{start} --data mine.csv --test others.csv --out mine",
            "",
            "Half of the training images are mirrored, if it is known which keypoints change places:",
            "  left_eye, eye_l, LeftEye, r-eye and similar names say it.",
            "  Numbered points in a published order say it if the labels agree: 68 iBUG, 98 WFLW, 5 CelebA, 17 COCO.",
            $"  {TrainCommand.Mirror} a:b,c:d states it, or a file faces.csv{SidecarFile.Ending} beside faces.csv ({SidecarFile.NameInZip} in a zip):",
            "    {\"mirror\": [[\"a\", \"b\"], [\"c\", \"d\"]], \"frame\": \"128x96\", \"group\": \"person\"}",
            $"  {TrainCommand.Mirror} {MirrorStatement.NoPairs}, and keypoints of which nothing is known, mirror nothing.",
            "",
            "Pictures that labels name become frames by box, by the labelled points, or whole. The sidecar states it:",
            "    {\"framing\": {\"kind\": \"box\", \"margin\": 1.2}}, or \"box\", \"points\", \"whole\"; without it, the labels decide.",
            "",
            $"The folder {TrainerCommandLine.Output} receives:",
            .. Table(Files),
            "",
            "Networks:",
            .. Table(NetworkRegistry.All.Select(network => (network.Name, network.Description + DefaultMark(network)))),
            "",
            "Environment variables:",
            .. Table(
            [
                (TrainerVariables.Device, "where to train: auto (default; a GPU if there is one), cpu or cuda"),
                (TrainerVariables.Precision, "precision of convolutions: auto (default; the faster one), float32 or bfloat16"),
                (TrainerVariables.Memory, "memory that the training may use: auto (default; what is available), a size such as 12GB, or any"),
            ]),
            "",
            "Exit codes:",
            .. Table(
            [
                ($"{ExitCodes.Success}", "the model is written"),
                ($"{ExitCodes.Failed}", "the training failed"),
                ($"{ExitCodes.Usage}", "the options or the data cannot be used"),
                ($"{ExitCodes.DoesNotFit}", "the training does not fit into memory; nothing was trained"),
                ($"{ExitCodes.Stopped}", $"stopped after saving; {TrainerCommandLine.Resume} continues"),
                ($"{ExitCodes.AlreadyRunning}", $"another training runs in {TrainerCommandLine.Output}"),
                ($"{ExitCodes.Killed}", $"the trainer was killed, most likely because memory ran out; {TrainerCommandLine.Resume} continues"),
            ]),
        ]);
    }

    private static IEnumerable<(string Name, string Meaning)> Files =>
    [
        (TrainingRunFiles.Model, "the trained model"),
        ($"{TrainingRunFiles.Curve}, .png", "loss and validation error by epoch, as a picture; the best epoch is marked"),
        (TrainingRunFiles.Metrics, "loss, validation error and speed, one line per epoch"),
        (TrainingRunFiles.Result, "the final figures, written last"),
        (TrainingRunFiles.Status, "the progress, rewritten every few seconds"),
        (TrainingRunFiles.Checkpoint, $"what {TrainerCommandLine.Resume} continues from"),
        (TrainingRunFiles.Request, "the settings and the data's ids"),
        (TrainingRunFiles.Rows, "which rows train, validate and test"),
        ($"{LocalRunPlan.PreparedFolder}/", "the data as the trainer reads it, with a report on every file"),
    ];

    private static string DefaultMark(INetworkDefinition network) =>
        network.Name == new TrainingSettings().Network ? " (default)" : string.Empty;

    private static IEnumerable<string> Table(IEnumerable<(string Name, string Meaning)> rows)
    {
        (string Name, string Meaning)[] all = [.. rows];
        int width = all.Max(row => row.Name.Length);
        return all.Select(row => $"  {row.Name.PadRight(width)}  {row.Meaning}");
    }
}
