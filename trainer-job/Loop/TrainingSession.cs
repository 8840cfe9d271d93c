using System.Diagnostics;
using System.Runtime.InteropServices;
using KeypointPipeline.Keypoints;
using KeypointPipeline.TrainerJob.Augmentation;
using KeypointPipeline.TrainerJob.Checkpoints;
using KeypointPipeline.TrainerJob.Devices;
using KeypointPipeline.TrainerJob.Losses;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Loop;

/// <summary>One training, epoch by epoch. Not thread-safe: use it on one thread for its whole life, because torch keeps a pool of
/// workers with their memory per calling thread.</summary>
/// <remarks>All random numbers of an epoch follow from the seed and the epoch's number, and none from earlier epochs. So a training that
/// continues from an epoch's end does exactly what an undisturbed one does. Every step has the same number of rows, because the allocator
/// would keep a set of blocks for each shape. The session computes on the device of the training rows. Checkpoints fit every device.</remarks>
public sealed class TrainingSession : IDisposable
{
    private readonly TrainingSettings _settings;
    private readonly TrainingData _training;
    private readonly TrainingData? _validation;
    private readonly TrainingRecipe _recipe;
    private readonly KeypointNetwork _network;
    private readonly WeightAverage _average;
    private readonly KeypointNetwork _best;
    private readonly OptimizerHelper _optimizer;
    private readonly Augmenter _augmenter;
    private readonly MaskedLoss _loss;
    private readonly RowSampler _sampler;
    private readonly LabelOffsets _offsets;
    private readonly TeacherLabels _teacher;
    private readonly List<EpochMetrics> _metrics = [];

    /// <summary>Starts a training.</summary>
    /// <param name="settings">The settings that people choose.</param>
    /// <param name="training">Training rows; stay the caller's.</param>
    /// <param name="validation">Validation rows on the same device; stay the caller's. Null trains without validation and never stops
    /// early.</param>
    /// <param name="recipe">The settings of the optimization.</param>
    /// <param name="precision">The precision of convolutions. See <see cref="TrainingPrecision"/>.</param>
    /// <exception cref="KeypointPipeline.Errors.UserErrorException">There is no such network, or a setting is out of range.</exception>
    public TrainingSession(TrainingSettings settings, TrainingData training, TrainingData? validation, TrainingRecipe? recipe = null,
        ScalarType precision = ScalarType.Float32)
    {
        settings.Validate();
        _settings = settings;
        _training = training;
        _validation = validation;
        _recipe = recipe ?? new TrainingRecipe();
        _network = NetworkRegistry.Create(settings.Network, training.Schema);
        _network.Initialize(SeedOf(epoch: -1));
        _network.to(training.Device);
        _network.TrainingType = precision;
        _average = new WeightAverage(_network, training.Device);
        _best = NetworkRegistry.Create(settings.Network, training.Schema);
        _best.eval();
        int[] unlabelled = FindUnlabelled(training);
        foreach (KeypointNetwork network in new[] { _network, _average.Network, _best })
            network.Unlabelled = unlabelled;
        _optimizer = optim.AdamW(_network.parameters(), lr: _recipe.LearningRate, weight_decay: _recipe.WeightDecay);
        _augmenter = new Augmenter(training.Schema, training.Device, _recipe.Movement);
        _sampler = new RowSampler(training.Keypoints, _recipe.LabelExponent);
        _loss = new MaskedLoss(training.Keypoints, _sampler.Shares, training.Schema.FrameWidth, _recipe.Error);
        _offsets = new LabelOffsets(training, _network);
        Plan = new EpochPlan(settings, training.Rows, validation?.Rows ?? 0);
        _teacher = new TeacherLabels(training, _offsets, precision, Plan.EvaluationRows);
    }

    /// <summary>The length of the training, and when it is validated.</summary>
    public EpochPlan Plan { get; }

    /// <summary>Number of completed epochs.</summary>
    public int Epoch => _metrics.Count;

    /// <summary>One entry per completed epoch.</summary>
    public IReadOnlyList<EpochMetrics> Metrics => _metrics;

    /// <summary>The averaged weights of the epoch with the lowest validation error, or of the last epoch without validation. Always on
    /// the CPU.</summary>
    public KeypointNetwork Best => _best;

    /// <summary>Validation error of <see cref="Best"/>, frame pixels; null without validation. Includes averaging over mirror images
    /// only after <see cref="Finish"/>.</summary>
    public double? BestRmse { get; private set; }

    /// <summary>The gate of <see cref="Best"/> (<see cref="Models.ModelMetadata.Gate"/>). Known after <see cref="Finish"/>; null without
    /// validation.</summary>
    public FrameGate? Gate { get; private set; }

    /// <summary>The epoch of <see cref="Best"/>; 0 before the first.</summary>
    public int BestEpoch { get; private set; }

    /// <summary>Whether all epochs are done, or the settings' patience is exhausted. Patience can only end at a validation.</summary>
    public bool IsDone =>
        Epoch >= Plan.Epochs
        || (_settings.Patience is int patience && BestEpoch > 0 && _metrics[^1].ValidationRmse is not null && Epoch - BestEpoch >= patience);

    /// <summary>Trains one epoch, and validates it if <see cref="Plan"/> says so.</summary>
    /// <param name="cancellationToken">Checked before every step. A cancelled session can only be disposed, because its weights are
    /// between two epochs.</param>
    public EpochMetrics RunEpoch(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        double loss = TrainEpoch(cancellationToken);
        double trainingSeconds = watch.Elapsed.TotalSeconds;
        bool validates = _validation is not null && Plan.ValidatesAfter(Epoch + 1);
        double? rmse = validates ? NetworkEvaluation.Rmse(_average.Network, _validation!, Plan.EvaluationRows, cancellationToken) : null;
        long steps = (Epoch + 1L) * Plan.StepsPerEpoch;
        var metrics = new EpochMetrics(
            Epoch + 1,
            _recipe.RateAt(steps - 1, Plan.Steps),
            loss,
            rmse,
            watch.Elapsed.TotalSeconds,
            Plan.StepsPerEpoch * Plan.BatchRows / trainingSeconds,
            steps);
        _metrics.Add(metrics);
        Plan.Follow(metrics);
        if (validates || _validation is null)
            KeepIfBest(rmse);
        return metrics;
    }

    /// <summary>Ends the training: calibrates <see cref="Best"/> and validates it as it will be exported.</summary>
    /// <param name="cancellationToken">Checked between batches.</param>
    public void Finish(CancellationToken cancellationToken)
    {
        if (_validation is not null)
            (BestRmse, Gate) = NetworkEvaluation.Finish(_best, _validation, Plan.EvaluationRows, cancellationToken);
    }

    /// <summary>Keypoints of <see cref="Best"/> without predictions, or whose uncertainty <see cref="Finish"/> does not calibrate.</summary>
    public LabelGaps Gaps
    {
        get
        {
            bool[]? calibrated = _validation is null ? null : NetworkEvaluation.AreCalibrated(_validation);
            IReadOnlyList<string> names = _training.Schema.Names;
            return new LabelGaps(
                [.. _best.Unlabelled.Select(k => names[k])],
                [.. Enumerable.Range(0, names.Count).Where(k => calibrated?[k] != true).Except(_best.Unlabelled).Select(k => names[k])]);
        }
    }

    /// <summary>A checkpoint of the session, taken between two epochs.</summary>
    public Checkpoint Save() => CheckpointFile.Create(
        new CheckpointHeader(_settings, _training.Rows, _validation?.Rows ?? 0, [.. _metrics], BestEpoch, BestRmse, PartBytes: []),
        [
            .. new[] { _network, _average.Network, _best }.Select(network => (Action<BinaryWriter>)(writer => network.save(writer))),
            _optimizer.save_state_dict,
            writer => writer.Write(_teacher.Save()),
        ]);

    /// <summary>Restores the state that <see cref="Save"/> returned, in a session that has not run yet.</summary>
    /// <exception cref="InvalidDataException">The checkpoint belongs to another training; the message says how that differs.</exception>
    public void Restore(Checkpoint checkpoint)
    {
        CheckpointHeader header = checkpoint.Header;
        if (header.Settings != _settings)
            throw new InvalidDataException($"it belongs to a training with other settings ({header.Settings})");
        if (header.TrainingRows != _training.Rows || header.ValidationRows != (_validation?.Rows ?? 0))
            throw new InvalidDataException($"it belongs to a training on other data ({header.TrainingRows} and {header.ValidationRows} rows)");
        foreach ((KeypointNetwork network, ReadOnlyMemory<byte> part) in new[] { _network, _average.Network, _best }.Zip(checkpoint.Parts))
            Load(network, part);
        Read(checkpoint.Parts[3], _optimizer.load_state_dict);
        _teacher.Load(checkpoint.Parts[4].Span);
        foreach (EpochMetrics metrics in header.Metrics)
        {
            _metrics.Add(metrics);
            Plan.Follow(metrics);
        }

        BestEpoch = header.BestEpoch;
        BestRmse = header.BestRmse;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _teacher.Dispose();
        _offsets.Dispose();
        _sampler.Dispose();
        _loss.Dispose();
        _augmenter.Dispose();
        _optimizer.Dispose();
        _best.Dispose();
        _average.Dispose();
        _network.Dispose();
    }

    /// <summary>Keypoints that no training row labels, neither as they are nor as their partners in mirrored images.</summary>
    private static int[] FindUnlabelled(TrainingData training)
    {
        using DisposeScope scope = NewDisposeScope();
        bool[] labelled = MaskedLoss.Present(training.Keypoints).any(0).cpu().data<bool>().ToArray();
        return [.. Enumerable.Range(0, labelled.Length).Where(k => !labelled[k] && !labelled[training.Schema.MirrorMap[k]])];
    }

    private double TrainEpoch(CancellationToken cancellationToken)
    {
        _network.train();
        using var random = new Generator(SeedOf(Epoch));
        if (_recipe.AsksTeacherBefore(Epoch, Plan.Epochs))
            _teacher.Refresh(_average.Network, cancellationToken);
        using Tensor order = _sampler.Draw(random);
        double sum = 0;
        for (int i = 0; i < Plan.StepsPerEpoch; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using Tensor rows = order.narrow(0, (long)i * Plan.BatchRows, Plan.BatchRows);
            sum += Step(rows, ((long)Epoch * Plan.StepsPerEpoch) + i, random);
        }

        _offsets.Learn();
        return double.IsFinite(sum)
            ? sum / Plan.StepsPerEpoch
            : throw new InvalidOperationException($"The training diverged in epoch {Epoch + 1}: the loss is not a number. Check the labels, or try another seed.");
    }

    private double Step(Tensor rows, long step, Generator random)
    {
        using DisposeScope scope = NewDisposeScope();
        AugmentedBatch batch = Batch(rows, random);
        foreach (var group in _optimizer.ParamGroups)
            group.LearningRate = _recipe.RateAt(step, Plan.Steps);
        _optimizer.zero_grad();
        Tensor found = _network.forward(batch.Images);
        Tensor keypoints = found.narrow(2, 0, 2) + _offsets.Of(rows, batch.Mirrored);
        Tensor taught = _teacher.Taught(rows, batch.Mirrored);
        Tensor residuals = where(taught, float.NaN, batch.Keypoints - keypoints.detach());
        Tensor loss = _loss.Compute(keypoints, batch.Keypoints, taught);
        Tensor total = found.shape[2] == 3 ? loss + ErrorLoss.Compute(found.select(2, 2), residuals) : loss;
        total.backward();
        _optimizer.step();
        _average.Update(_recipe.AverageDecayAt(step));
        if (_recipe.LearnsOffsets)
            _offsets.Observe(rows, batch.Mirrored, residuals);
        return loss.item<float>();
    }

    private AugmentedBatch Batch(Tensor rows, Generator random)
    {
        Tensor images = _training.Images.index_select(0, rows);
        Tensor keypoints = _teacher.FillIn(rows, _training.Keypoints.index_select(0, rows));
        return _recipe.Augments
            ? _augmenter.Apply(images, keypoints, random)
            : new AugmentedBatch(images, keypoints, zeros(rows.shape[0], ScalarType.Bool, rows.device));
    }

    private void KeepIfBest(double? rmse)
    {
        if (rmse >= BestRmse)
            return;
        BestRmse = rmse;
        BestEpoch = Epoch;
        NetworkWeights.Copy(_average.Network, _best);
    }

    // Loads into a network on the CPU first. TorchSharp would load a network on a GPU by moving it to the CPU and back, which replaces
    // the tensors that the optimizer and the average refer to.
    private static void Load(KeypointNetwork network, ReadOnlyMemory<byte> part)
    {
        using KeypointNetwork loaded = NetworkRegistry.Create(network.NetworkName, network.Schema);
        Read(part, reader => loaded.load(reader, skip: [KeypointNetwork.MirrorMapName])); // an earlier version may have paired other names
        NetworkWeights.Copy(loaded, network);
    }

    private static void Read(ReadOnlyMemory<byte> part, Action<BinaryReader> read)
    {
        if (!MemoryMarshal.TryGetArray(part, out ArraySegment<byte> array))
            throw new ArgumentException("The part is not a slice of an array.", nameof(part));
        using var reader = new BinaryReader(new MemoryStream(array.Array!, array.Offset, array.Count, writable: false));
        read(reader);
    }

    // The odd constant of SplitMix64 spreads neighbouring seeds and epochs over the whole range.
    private ulong SeedOf(int epoch) => unchecked(((ulong)_settings.Seed * 0x9E3779B97F4A7C15UL) + (ulong)epoch);
}
