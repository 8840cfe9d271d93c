using System.Diagnostics;
using KeypointPipeline.Local.Dropping;
using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Chaos.Tests;

/// <summary>Runs one data folder from the first drop to the last outcome, with faults at random moments, also while the host is
/// starting.</summary>
internal sealed class ChaosRun(string home, ChaosInputs inputs, TrainingSettings training, TimeSpan longestPause) : IAsyncDisposable
{
    /// <summary>Fewer kills than make the workflow abandon a training, which it does after several starts without an epoch.</summary>
    private const int MostTrainerKills = TrainModel.MaxFruitlessStarts - 1;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly ChaosHost _host = new(home, training);
    private readonly List<DroppedItem> _drops = [];
    private readonly List<string> _faults = [];
    private readonly List<ChaosFault> _struck = [];

    /// <summary>The faults so far.</summary>
    public IReadOnlyList<ChaosFault> Struck => _struck;

    /// <summary>Runs the data folder to its outcome.</summary>
    /// <param name="faults">Number of faults. There are fewer if every instance ends earlier.</param>
    /// <param name="random">Chooses the faults and their moments.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    public async Task<ChaosOutcome> RunAsync(int faults, Random random, CancellationToken cancellationToken)
    {
        _host.Launch();
        foreach (string early in inputs.Early)
            await DropAsync(early, cancellationToken);
        while (_struck.Count < faults / 2)
            await StrikeAsync(random, cancellationToken);
        await DropAsync(inputs.Late, cancellationToken);
        while (_struck.Count < faults && !await HaveAllEndedAsync(cancellationToken))
        {
            if (_struck.Count == faults - 1 && !_struck.Contains(ChaosFault.KillTrainer))
                await UntilAsync(IsTrainingOrHasEndedAsync, cancellationToken);
            await StrikeAsync(random, cancellationToken);
        }

        await UntilAsync(HaveAllEndedAsync, cancellationToken);

        var reader = new OutcomeReader(home, _drops);
        await reader.ReadStorageAsync(await FindStorageAsync(cancellationToken), cancellationToken);
        Note(await _host.StopAsync(cancellationToken));
        ChaosOutcome outcome = reader.ReadJournal();
        return outcome with { Faults = [.. outcome.Faults, .. _faults] };
    }

    /// <summary>Ends every process.</summary>
    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task DropAsync(string path, CancellationToken cancellationToken) =>
        _drops.Add(await new Dropper(await FindStorageAsync(cancellationToken)).DropAsync(path, name: null, progress: null, cancellationToken));

    /// <summary>Waits for a random time. Then causes one of the faults that are possible at that moment and were rarest so far.</summary>
    private async Task StrikeAsync(Random random, CancellationToken cancellationToken)
    {
        await Task.Delay(random.NextDouble() * longestPause, cancellationToken);
        await ReviveAsync();
        ProcessIdentity? storage = _host.StorageServer;
        ProcessIdentity? trainer = _struck.Count(fault => fault == ChaosFault.KillTrainer) < MostTrainerKills ? _host.Trainer : null;
        ChaosFault[] possible =
        [
            ChaosFault.KillHost,
            ChaosFault.StopHost,
            .. storage is null ? Array.Empty<ChaosFault>() : [ChaosFault.KillStorage],
            .. trainer is null ? Array.Empty<ChaosFault>() : [ChaosFault.KillTrainer],
        ];
        ChaosFault fault = possible.OrderBy(_ => random.Next()).MinBy(kind => _struck.Count(struck => struck == kind));
        _struck.Add(fault);
        switch (fault)
        {
            case ChaosFault.KillHost:
                await _host.KillAsync();
                _host.Launch();
                break;
            case ChaosFault.StopHost:
                Note(await _host.StopAsync(cancellationToken));
                _host.Launch();
                break;
            case ChaosFault.KillTrainer:
                await KillAsync(trainer!, cancellationToken);
                break;
            case ChaosFault.KillStorage:
                await KillAsync(storage!, cancellationToken);
                break;
        }
    }

    private static async Task KillAsync(ProcessIdentity process, CancellationToken cancellationToken)
    {
        process.Kill();
        await process.WaitForEndAsync(Patience, cancellationToken);
    }

    /// <summary>Restarts a host that ended by itself, as a person would, and notes it as a fault.</summary>
    private async Task ReviveAsync()
    {
        if (!_host.HasEnded)
            return;
        Note($"the host ended by itself: {await _host.ReadPrintedAsync()}");
        _host.Launch();
    }

    private async Task<PipelineStorage> FindStorageAsync(CancellationToken cancellationToken)
    {
        PipelineStorage? storage = null;
        await UntilAsync(_ => Task.FromResult((storage = _host.FindStorage()) is not null), cancellationToken);
        return storage!;
    }

    private async Task<bool> HaveAllEndedAsync(CancellationToken cancellationToken)
    {
        foreach (DroppedItem drop in _drops)
        {
            if (!await _host.HasEndedAsync(drop.InstanceId, cancellationToken))
                return false;
        }

        return true;
    }

    /// <summary>Whether a trainer can be killed, now or never.</summary>
    /// <remarks>Twenty faults of the host can follow each other before a training starts: seen once in three runs.</remarks>
    private async Task<bool> IsTrainingOrHasEndedAsync(CancellationToken cancellationToken) =>
        _host.Trainer is not null || await HaveAllEndedAsync(cancellationToken);

    private async Task UntilAsync(Func<CancellationToken, Task<bool>> condition, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (!await condition(cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"Nothing happened in {home} for {Patience}, after {string.Join(", ", _struck)}.");
            await ReviveAsync();
            await Task.Delay(LookEvery, cancellationToken);
        }
    }

    private void Note(string? fault)
    {
        if (fault is not null)
            _faults.Add(fault);
    }
}
