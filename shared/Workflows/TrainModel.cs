using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Training;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Workflows;

/// <summary>Runs one training from plan to promotion. It waits for its turn, starts the trainer, watches it and restarts it from
/// its checkpoint. Then it compares the candidate with the champion on the same rows, publishes it, and promotes it by
/// <see cref="PromotionRule"/>.</summary>
public sealed class TrainModel : Workflow<TrainModelInput, TrainModelOutput>
{
    /// <summary>A training is abandoned after this many trainers in a row die without finishing an epoch. A trainer that was stopped
    /// did not die: the training continues however often the host restarts.</summary>
    public const int MaxFruitlessStarts = 4;

    /// <summary>Maximum time of one training. Waiting for its turn does not count. Neither does time in which nobody checked the
    /// trainer: the machine slept, the clock was changed, or the host was down.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromHours(24);

    /// <summary>Maximum wait between two checks of the trainer. It limits the history: about 400 checks in 24 hours.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>Maximum time of one check with its retries.</summary>
    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(5);

    /// <summary>How it is started and called.</summary>
    public static WorkflowRef<TrainModelInput, TrainModelOutput> Ref { get; } = new(nameof(TrainModel), CleanUpTraining.Ref);

    /// <inheritdoc/>
    public override async Task<TrainModelOutput> RunAsync(IWorkflowContext context, TrainModelInput input)
    {
        string runId = context.InstanceId;
        await TakeTurnAsync(context);
        try
        {
            TrainingPlan plan = await context.CallStepAsync(
                PlanTraining.Ref, new PlanTrainingInput(runId, input.DatasetId, input.Force, input.Settings));
            if (plan.SkipReason is string skipped)
            {
                context.SetStatus(new TrainModelProgress("skipped", Reason: skipped));
                context.Logger.LogInformation("Training {RunId} skipped: {Reason}", runId, skipped);
                return new TrainModelOutput(false, null, false, skipped, null);
            }

            context.SetStatus(new TrainModelProgress("planned", Reason: plan.Rows?.ToString()));
            await TrainToTheEndAsync(context, runId);
            return (await PublishAsync(context, runId)) with { Rows = plan.Rows };
        }
        finally
        {
            await context.CallStepAsync(ReleaseTrainingSlot.Ref, runId);
        }
    }

    private static async Task TakeTurnAsync(IWorkflowContext context)
    {
        // Histories of earlier versions contain these waits: their answers do not say when to ask again.
        var earlierWait = TimeSpan.FromSeconds(2);
        while (true)
        {
            TrainingTurn turn = await context.CallStepAsync(AcquireTrainingSlot.Ref, context.InstanceId);
            if (turn.Holder == context.InstanceId)
                return;
            context.SetStatus(new TrainModelProgress("waiting", Reason: turn.Reason));
            await context.DelayAsync(turn.AskAgainIn ?? earlierWait);
            earlierWait = TimeSpan.FromSeconds(Math.Min(earlierWait.TotalSeconds * 1.5, 120));
        }
    }

    /// <summary>Stops the trainer when the training is abandoned.</summary>
    private static async Task TrainToTheEndAsync(IWorkflowContext context, string runId)
    {
        try
        {
            await TrainAsync(context, runId);
        }
        catch (Exception)
        {
            try
            {
                await context.CallStepAsync(StopTrainer.Ref, runId);
            }
            catch (StepFailedException e)
            {
                context.Logger.LogError("The trainer of {RunId} could not be stopped: {Reason}", runId, e.Reason);
            }

            throw;
        }
    }

    private static async Task TrainAsync(IWorkflowContext context, string runId)
    {
        TimeSpan watched = TimeSpan.Zero;
        int fruitless = 0;
        int restarts = 0;
        int epochsBefore = 0;
        string? lastEnd = null;
        while (true)
        {
            await context.CallStepAsync(LaunchTrainer.Ref, runId);
            (TrainerCheck end, TimeSpan watchedNow) = await WatchAsync(context, runId, Deadline - watched, lastEnd, restarts);
            watched += watchedNow;
            switch (end.Verdict)
            {
                case TrainerVerdict.Completed:
                    return;
                case TrainerVerdict.Failed:
                    throw new InvalidOperationException($"Training {runId} failed: {end.Status?.Error ?? "the trainer gave no reason"}");
            }

            await context.CallStepAsync(StopTrainer.Ref, runId);
            int epochs = end.Status?.Epoch ?? 0;
            if (epochs > epochsBefore)
                fruitless = 0;
            if (end.Verdict != TrainerVerdict.Stopped)
                fruitless++;
            epochsBefore = Math.Max(epochs, epochsBefore);
            if (watched >= Deadline)
                throw new InvalidOperationException($"Training {runId} was not done after {Deadline.TotalHours:0} hours ({epochs} epochs).");
            if (fruitless >= MaxFruitlessStarts)
            {
                throw new InvalidOperationException(
                    $"Training {runId} stopped {fruitless} times in a row without finishing an epoch{At(end.Place)}. {Explain(end)}See the trainer's log.");
            }

            restarts++;
            lastEnd = end.End is string how ? $"the trainer was {how} and continues from its checkpoint" : null;
            context.Logger.LogWarning(
                "Trainer of {RunId} is gone after {Epochs} epochs{Place}{End}. It restarts from its checkpoint",
                runId, epochs, At(end.Place), end.End is null ? "" : $": {end.End}");
        }
    }

    /// <summary>Checks the trainer until it has ended. The checks become rarer the longer it runs.</summary>
    /// <param name="context">The workflow.</param>
    /// <param name="runId">The run.</param>
    /// <param name="atMost">When to give up.</param>
    /// <param name="note">What became of the trainer before this one, shown beside the progress; null if there is nothing to say.</param>
    /// <param name="restarts">Trainers before this one, shown beside the progress.</param>
    private static async Task<(TrainerCheck End, TimeSpan Watched)> WatchAsync(
        IWorkflowContext context, string runId, TimeSpan atMost, string? note, int restarts)
    {
        DateTimeOffset launched = context.UtcNow;
        TimeSpan watched = TimeSpan.Zero;
        while (true)
        {
            DateTimeOffset before = context.UtcNow;
            var wait = TimeSpan.FromSeconds(Math.Clamp(watched.TotalSeconds / 20, 1, LongestWait.TotalSeconds));
            await context.DelayAsync(wait);
            TrainerCheck check = await context.CallStepAsync(CheckTrainer.Ref, new CheckTrainerInput(runId, launched));
            if (check.Status is TrainingStatus status)
            {
                context.SetStatus(new TrainModelProgress(
                    "training",
                    status.Epoch,
                    status.Epochs,
                    status.TrainingLoss,
                    status.ValidationRmse,
                    status.ImagesPerSecond,
                    status.SecondsLeft,
                    Reason: note,
                    Place: check.Place,
                    Step: status.Step,
                    Steps: status.Steps,
                    MostSeconds: status.MostSeconds,
                    Device: status.Device?.ToString(),
                    Restarts: restarts == 0 ? null : restarts));
            }
            else if (check.Place is not null)
            {
                context.SetStatus(new TrainModelProgress("starting", Reason: note, Place: check.Place));
            }

            TimeSpan passed = context.UtcNow - before;
            watched += passed < wait + LongestLook ? passed : wait;
            if (check.Verdict != TrainerVerdict.Running || watched >= atMost)
                return (check, watched);
        }
    }

    private static string At(string? place) => place is null ? "" : $" (last on {place})";

    private static string Explain(TrainerCheck end) => end.End is null
        ? ""
        : $"The last one was {end.End}. A smaller batchSize, another network or smaller frames need less memory. ";

    private static async Task<TrainModelOutput> PublishAsync(IWorkflowContext context, string runId)
    {
        context.SetStatus(new TrainModelProgress("evaluating"));
        ModelComparison comparison = await context.CallStepAsync(EvaluateCandidate.Ref, runId);
        PublishedModel published = await context.CallStepAsync(
            PublishModel.Ref, new PublishModelInput(runId, context.UtcNow, comparison));
        PromotionDecision decision = await context.CallStepAsync(
            PromoteModel.Ref, new PromoteModelInput(published.Version, comparison));

        string reason = decision.Promote ? $"promoted: {decision.Reason}" : $"not promoted: {decision.Reason}";
        context.SetStatus(comparison.TestRows is null
            ? new TrainModelProgress("done", ValidationRmse: comparison.CandidateRmse, Reason: reason)
            : new TrainModelProgress("done", Reason: reason, TestRmse: comparison.CandidateWholeRmse ?? comparison.CandidateRmse));
        context.Logger.LogInformation("Model {Version} {Reason}", published.Version, reason);
        return new TrainModelOutput(true, published.Version, decision.Promote, reason, comparison);
    }
}

/// <summary>The input of <see cref="TrainModel"/>.</summary>
/// <param name="Reason">Who or what asked for it.</param>
/// <param name="DatasetId">Train on all datasets in force of this dataset's schema. Null: of the champion's schema, or of the
/// newest dataset's schema while there is no champion.</param>
/// <param name="Force">Train even if no training is needed (<see cref="TrainingNeed"/>).</param>
/// <param name="Settings">How to train, or null for the host's defaults.</param>
public sealed record TrainModelInput(string Reason, string? DatasetId, bool Force, TrainingSettings? Settings);

/// <summary>The output of <see cref="TrainModel"/>.</summary>
/// <param name="Trained">False if the training was skipped.</param>
/// <param name="Version">The published version.</param>
/// <param name="Promoted">Whether that version became the champion.</param>
/// <param name="Reason">Why it was skipped, promoted or not.</param>
/// <param name="Evaluation">The comparison with the champion.</param>
/// <param name="Rows">What the row plan says; null if it was skipped.</param>
public sealed record TrainModelOutput(
    bool Trained, string? Version, bool Promoted, string Reason, ModelComparison? Evaluation, RowPlanReport? Rows = null);

/// <summary>Custom status of <see cref="TrainModel"/>. RMSE in frame pixels: of the validation rows while it trains, of the test rows once
/// it is done. <c>Place</c> is <see cref="TrainerSighting.Place"/>; <c>MostSeconds</c> is the longest time of the training. <c>Restarts</c> is
/// null before the first.</summary>
public sealed record TrainModelProgress(
    string Stage,
    int? Epoch = null,
    int? Epochs = null,
    double? TrainingLoss = null,
    double? ValidationRmse = null,
    double? ImagesPerSecond = null,
    double? SecondsLeft = null,
    string? Reason = null,
    string? Place = null,
    double? TestRmse = null,
    long? Step = null,
    long? Steps = null,
    double? MostSeconds = null,
    string? Device = null,
    int? Restarts = null);
