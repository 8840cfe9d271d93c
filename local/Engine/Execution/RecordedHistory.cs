using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>What the journal holds of an instance when it is replayed: what the code asked for, to compare; what came back, to
/// hand over again in the same order; and the failed tries of steps that have no outcome yet.</summary>
internal sealed class RecordedHistory
{
    private readonly List<JournalEvent> _requests = [];
    private readonly Queue<JournalEvent> _answers = new();
    private readonly Dictionary<int, FailedAttempt> _failedAttempts = [];

    /// <summary>Sorts the entries.</summary>
    /// <exception cref="InvalidDataException">An entry is of no known kind.</exception>
    public RecordedHistory(IEnumerable<JournalEvent> entries)
    {
        foreach (JournalEvent entry in entries)
        {
            if (entry.IsRequest)
                _requests.Add(entry);
            else if (entry.Kind == JournalEventKind.StepAttemptFailed)
                _failedAttempts[entry.Action!.Value] = PipelineJson.Read<FailedAttempt>(entry.Data!);
            else if (Enum.IsDefined(entry.Kind))
                _answers.Enqueue(entry);
            else
                throw new InvalidDataException($"The journal holds an entry of unknown kind {(int)entry.Kind} for this instance.");
        }
    }

    /// <summary>Whether answers are left to hand over.</summary>
    public bool HasAnswers => _answers.Count > 0;

    /// <summary>The next answer.</summary>
    public JournalEvent NextAnswer() => _answers.Dequeue();

    /// <summary>What the journal says the code asked for as this action, or null where it is new.</summary>
    public JournalEvent? RequestOf(int action) => action < _requests.Count ? _requests[action] : null;

    /// <summary>The last failed try of a step that has had one.</summary>
    public FailedAttempt? FailedAttemptOf(int action) => _failedAttempts.GetValueOrDefault(action);
}
