using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>The journal's entries of an instance, for its replay. They hold the requests of the code, to compare; the answers, to pass on
/// again in the same order; and the failed attempts of steps without an outcome.</summary>
internal sealed class RecordedHistory
{
    private readonly List<JournalEvent> _requests = [];
    private readonly Queue<JournalEvent> _answers = new();
    private readonly Dictionary<int, FailedAttempt> _failedAttempts = [];

    /// <summary>Sorts the entries.</summary>
    /// <exception cref="InvalidDataException">The kind of an entry is unknown.</exception>
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

    /// <summary>Gets whether answers remain.</summary>
    public bool HasAnswers => _answers.Count > 0;

    /// <summary>Takes the next answer.</summary>
    public JournalEvent NextAnswer() => _answers.Dequeue();

    /// <summary>Finds the recorded request of an action. Returns null if the action is new.</summary>
    public JournalEvent? RequestOf(int action) => action < _requests.Count ? _requests[action] : null;

    /// <summary>Finds the last failed attempt of a step. Returns null if there is none.</summary>
    public FailedAttempt? FailedAttemptOf(int action) => _failedAttempts.GetValueOrDefault(action);
}
