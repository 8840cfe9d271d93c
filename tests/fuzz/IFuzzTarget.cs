namespace KeypointPipeline.Fuzz.Tests;

/// <summary>A door of the product through which files of strangers come.</summary>
internal interface IFuzzTarget : IDisposable
{
    /// <summary>What it takes: a word for the table and the command line.</summary>
    string Name { get; }

    /// <summary>The longest that an input may take.</summary>
    TimeSpan Patience { get; }

    /// <summary>The most memory that a process which feeds it may come to hold, managed and native, bytes.</summary>
    long MemoryCeiling { get; }

    /// <summary>Makes an input: the same seed and number give the same bytes.</summary>
    FuzzInput Create(int seed, long number);

    /// <summary>Feeds an input, and checks what the product promises of any. An exception that leaves it is a broken promise too.</summary>
    /// <param name="input">The input.</param>
    /// <param name="inPieces">Whether the file comes a few bytes at a time, as from a network: nothing may depend on that.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<FuzzVerdict> FeedAsync(FuzzInput input, bool inPieces, CancellationToken cancellationToken);
}
