namespace KeypointPipeline.Fuzz.Tests;

/// <summary>A reader of the product that gets files from strangers.</summary>
internal interface IFuzzTarget : IDisposable
{
    /// <summary>Its name, in the table and on the command line.</summary>
    string Name { get; }

    /// <summary>The longest time that an input may take.</summary>
    TimeSpan Patience { get; }

    /// <summary>The most memory of a process that feeds it, managed and native, bytes.</summary>
    long MemoryCeiling { get; }

    /// <summary>Creates an input. The same seed and number give the same bytes.</summary>
    FuzzInput Create(int seed, long number);

    /// <summary>Feeds an input and checks what the product promises for every input. An exception is a broken promise, too.</summary>
    /// <param name="input">The input.</param>
    /// <param name="inPieces">Whether a read returns only a few bytes, as from a network. The outcome must not depend on that.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<FuzzVerdict> FeedAsync(FuzzInput input, bool inPieces, CancellationToken cancellationToken);
}
