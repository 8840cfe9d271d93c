using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace KeypointPipeline.Bench.Accuracy.Faces;

/// <summary>The side of a person in the comparison. All frames of a person are on one side.</summary>
internal enum PersonSide
{
    /// <summary>Models learn from these people: about 70 of 100.</summary>
    Training,

    /// <summary>These people choose the epoch, and everything else that is chosen: about 15 of 100.</summary>
    Validation,

    /// <summary>These people are measured on with <c>--test</c> only: about 15 of 100.</summary>
    Test,
}

/// <summary>Finds the side of a frame.</summary>
internal static class PersonSides
{
    /// <summary>The rule: SHA-256 of <c>split:</c> and the person, its first four bytes little-endian, modulo 100. Below 70 is training, and
    /// below 85 is validation.</summary>
    /// <param name="fileName">Name of the frame's file without folders. The person is the part before the last <c>_</c>.</param>
    public static PersonSide Of(string fileName)
    {
        int end = fileName.LastIndexOf('_');
        string person = end < 0 ? fileName : fileName[..end];
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"split:{person}"));
        return (BinaryPrimitives.ReadUInt32LittleEndian(hash) % 100) switch
        {
            < 70 => PersonSide.Training,
            < 85 => PersonSide.Validation,
            _ => PersonSide.Test,
        };
    }
}
