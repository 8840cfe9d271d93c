namespace KeypointPipeline.TestSupport.Faults;

/// <summary>The fault of one request to the storage server.</summary>
public enum StorageFault
{
    /// <summary>No fault.</summary>
    None,

    /// <summary>Answered 500; not carried out.</summary>
    InternalError,

    /// <summary>Answered 503; not carried out.</summary>
    ServerBusy,

    /// <summary>The connection is reset after half of the request's body; not carried out.</summary>
    LostRequest,

    /// <summary>Carried out; the connection is reset instead of an answer.</summary>
    LostAnswer,

    /// <summary>Carried out, but answered 500.</summary>
    FalseAlarm,

    /// <summary>Carried out; the connection is reset after half of the answer's body.</summary>
    CutAnswer,

    /// <summary>Carried out after a pause. The answer's body comes in pieces, with a pause after each.</summary>
    Slow,

    /// <summary>Never answered; not carried out.</summary>
    Silence,

    /// <summary>Carried out, but the answer stops after half of its body.</summary>
    SilentAnswer,
}
