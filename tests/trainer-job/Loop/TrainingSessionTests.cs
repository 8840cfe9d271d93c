using KeypointPipeline.TrainerJob.Checkpoints;
using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.TrainerJob.Tests.Support;
using KeypointPipeline.Training;
using TorchSharp;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Loop;

public sealed class TrainingSessionTests
{
    private static readonly TrainingSettings Settings = new(Epochs: 4, Seed: 3, Network: "ml-resnet-small", BatchSize: 16);

    [Fact]
    public void Loss_and_validation_error_fall()
    {
        using TrainingData training = TinyFaces.Create(rows: 64, seed: 1);
        using TrainingData validation = TinyFaces.Create(rows: 32, seed: 2);
        using var session = new TrainingSession(Settings with { Epochs = 20 }, training, validation);

        RunAll(session);

        Assert.True(session.Metrics[^1].TrainingLoss < 0.3 * session.Metrics[0].TrainingLoss);
        Assert.True(session.BestRmse < 0.5 * session.Metrics[0].ValidationRmse);
        Assert.Equal(session.BestRmse, NetworkEvaluation.Rmse(session.Best, validation, session.Plan.EvaluationRows, CancellationToken.None));
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        using TrainingData training = TinyFaces.Create(rows: 40, seed: 1);

        byte[] first = Train(Settings, training);

        Assert.Equal(first, Train(Settings, training));
        Assert.NotEqual(first, Train(Settings with { Seed = 4 }, training));
    }

    [Fact]
    public void Stopped_and_resumed_it_ends_exactly_where_an_undisturbed_training_does()
    {
        using TrainingData training = TinyFaces.Create(rows: 40, seed: 1);
        using TrainingData validation = TinyFaces.Create(rows: 12, seed: 2);

        // It stops between two times that the teacher is asked.
        TrainingSettings settings = Settings with { Epochs = 30 };
        using var undisturbed = new TrainingSession(settings, training, validation);
        RunAll(undisturbed);

        byte[] file;
        using (var first = new TrainingSession(settings, training, validation))
        {
            while (first.Epoch < 8)
                first.RunEpoch(CancellationToken.None);
            file = CheckpointFile.Write(first.Save());
        }

        using var second = new TrainingSession(settings, training, validation);
        second.Restore(CheckpointFile.Read(file));
        RunAll(second);

        Assert.Equal(Parts(undisturbed), Parts(second));
        Assert.Equal(undisturbed.BestRmse, second.BestRmse);
        Assert.Equal(undisturbed.Metrics.Select(m => m.TrainingLoss), second.Metrics.Select(m => m.TrainingLoss));
    }

    [Fact]
    public void A_checkpoint_of_another_training_is_refused()
    {
        using TrainingData training = TinyFaces.Create(rows: 40, seed: 1);
        using TrainingData other = TinyFaces.Create(rows: 41, seed: 1);
        using var session = new TrainingSession(Settings, training, validation: null);
        session.RunEpoch(CancellationToken.None);
        Checkpoint checkpoint = session.Save();

        using var otherSettings = new TrainingSession(Settings with { Seed = 9 }, training, validation: null);
        using var otherData = new TrainingSession(Settings, other, validation: null);

        Assert.Contains("other settings", Assert.Throws<InvalidDataException>(() => otherSettings.Restore(checkpoint)).Message, StringComparison.Ordinal);
        Assert.Contains("other data", Assert.Throws<InvalidDataException>(() => otherData.Restore(checkpoint)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_stops_early_when_nothing_gets_better_for_as_long_as_allowed()
    {
        using TrainingData training = TinyFaces.Create(rows: 16, seed: 1);
        using TrainingData validation = TinyFaces.Create(rows: 10, seed: 2);

        // A rate of nothing: the average never moves, so no epoch is better than the first.
        using var session = new TrainingSession(
            Settings with { Epochs = 50, Patience = 2 }, training, validation, new TrainingRecipe(LearningRate: 0, AverageDecay: 1));
        RunAll(session);

        Assert.InRange(session.Epoch, 3, 49);
        Assert.Equal(session.BestEpoch + 2, session.Epoch);
    }

    [Fact]
    public void A_small_set_is_not_validated_after_every_epoch_and_keeps_a_validated_one()
    {
        using TrainingData training = TinyFaces.Create(rows: 8, seed: 1);
        using TrainingData validation = TinyFaces.Create(rows: 12, seed: 2);
        using var session = new TrainingSession(Settings with { Epochs = 8 }, training, validation);

        RunAll(session);

        Assert.Equal([3, 6, 8], session.Metrics.Where(epoch => epoch.ValidationRmse is not null).Select(epoch => epoch.Epoch));
        Assert.Equal(session.Metrics.Min(epoch => epoch.ValidationRmse), session.BestRmse);
        Assert.Equal(session.BestRmse, NetworkEvaluation.Rmse(session.Best, validation, session.Plan.EvaluationRows, CancellationToken.None));
    }

    [Fact]
    public void Patience_only_ends_at_a_validation()
    {
        using TrainingData training = TinyFaces.Create(rows: 8, seed: 1);
        using TrainingData validation = TinyFaces.Create(rows: 12, seed: 2);
        using var session = new TrainingSession(
            Settings with { Epochs = 50, Patience = 1 }, training, validation, new TrainingRecipe(LearningRate: 0, AverageDecay: 1));

        RunAll(session);

        Assert.NotNull(session.Metrics[^1].ValidationRmse);
        Assert.Equal(session.BestEpoch + session.Plan.ValidatesEvery, session.Epoch);
    }

    [Fact]
    public void A_training_that_was_shortened_because_the_machine_is_slow_stays_so_after_a_restart()
    {
        using TrainingData training = TinyFaces.Create(rows: 5, seed: 1);
        TrainingSettings settings = Settings with { Epochs = null };
        using var first = new TrainingSession(settings, training, validation: null);
        Assert.Equal(TrainingLength.FewestSteps, first.Plan.Epochs);
        first.RunEpoch(CancellationToken.None);
        first.RunEpoch(CancellationToken.None);
        Checkpoint checkpoint = first.Save();
        EpochMetrics[] slow = [.. checkpoint.Header.Metrics.Select(epoch => epoch with { Seconds = TrainingLength.MostTime.TotalSeconds / 4 })];

        using var second = new TrainingSession(settings, training, validation: null);
        second.Restore(new Checkpoint(checkpoint.Header with { Metrics = slow }, checkpoint.Parts, checkpoint.File));
        RunAll(second);

        Assert.Equal(4, second.Epoch);
        Assert.Equal(new TrainingRecipe().RateAt(step: 3, steps: 4), second.Metrics[^1].LearningRate);
    }

    [Fact]
    public void A_data_set_smaller_than_a_batch_is_trained_whole()
    {
        using TrainingData training = TinyFaces.Create(rows: 5, seed: 1);
        using var session = new TrainingSession(Settings with { Epochs = 1, BatchSize = 64 }, training, validation: null);

        EpochMetrics metrics = session.RunEpoch(CancellationToken.None);

        Assert.True(double.IsFinite(metrics.TrainingLoss));
        Assert.Null(metrics.ValidationRmse);
        Assert.True(session.IsDone);
    }

    [Fact]
    public void Epochs_leave_no_tensors_behind()
    {
        using TrainingData training = TinyFaces.Create(rows: 32, seed: 1);
        using TrainingData validation = TinyFaces.Create(rows: 10, seed: 2);
        using var session = new TrainingSession(Settings with { Epochs = 10 }, training, validation);
        session.RunEpoch(CancellationToken.None);
        long before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

        session.RunEpoch(CancellationToken.None);
        session.RunEpoch(CancellationToken.None);

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void A_cancelled_epoch_ends_at_once()
    {
        using TrainingData training = TinyFaces.Create(rows: 32, seed: 1);
        using var session = new TrainingSession(Settings, training, validation: null);

        Assert.Throws<OperationCanceledException>(() => session.RunEpoch(new CancellationToken(canceled: true)));
    }

    [Fact]
    public void The_learning_rate_rises_then_falls_to_nothing()
    {
        var recipe = new TrainingRecipe(LearningRate: 1, WarmUpShare: 0.1);
        double[] rates = [.. Enumerable.Range(0, 100).Select(step => recipe.RateAt(step, 100))];

        Assert.Equal(0.1, rates[0], tolerance: 1e-9);
        Assert.Equal(1, rates[9], tolerance: 1e-9);
        Assert.All(rates[10..].Zip(rates[11..]), pair => Assert.True(pair.First > pair.Second));
        Assert.InRange(rates[^1], 0, 0.01);
    }

    [Fact]
    public void The_teacher_is_asked_now_and_then_from_its_share_of_the_epochs_on()
    {
        var recipe = new TrainingRecipe(TeacherFrom: 0.5);

        int[] asked = [.. Enumerable.Range(0, 40).Where(epoch => recipe.AsksTeacherBefore(epoch, 40))];

        Assert.Equal([20, 26, 32, 38], asked);
        Assert.DoesNotContain(Enumerable.Range(0, 40), epoch => new TrainingRecipe(TeacherFrom: 1).AsksTeacherBefore(epoch, 40));
    }

    [Fact]
    public void A_network_that_has_learnt_nothing_is_no_teacher()
    {
        Assert.False(new TrainingRecipe(TeacherFrom: 0).AsksTeacherBefore(0, 1));
    }

    private static byte[] Train(TrainingSettings settings, TrainingData training)
    {
        using var session = new TrainingSession(settings, training, validation: null);
        RunAll(session);
        return Parts(session);
    }

    private static void RunAll(TrainingSession session)
    {
        while (!session.IsDone)
            session.RunEpoch(CancellationToken.None);
    }

    private static byte[] Parts(TrainingSession session) => [.. session.Save().Parts.SelectMany(part => part.ToArray())];
}
