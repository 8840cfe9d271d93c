using System.IO.Hashing;

namespace KeypointPipeline.Images;

/// <summary>Ids of the instances of pictures. The id of an instance is the picture's hash and a number that is given once, such as
/// <c>5a1c0c2f9be37d44-1</c>: the same picture has the same ids under any name.</summary>
internal static class InstanceId
{
    private const int HashDigits = 16;

    /// <summary>Returns the id of an instance.</summary>
    /// <param name="picture">The bytes of the picture's file.</param>
    /// <param name="number">The instance's number in the picture, from 1.</param>
    public static string Of(ReadOnlySpan<byte> picture, int number) => Of(Hash(picture), number);

    /// <summary>Returns the id of an instance of a picture whose hash is known.</summary>
    public static string Of(string hash, int number) => $"{hash}-{number}";

    /// <summary>Computes the hash of a picture: the first 16 hexadecimal digits of the XXH128 of its file.</summary>
    public static string Hash(ReadOnlySpan<byte> picture) => Hash(XxHash128.HashToUInt128(picture));

    /// <summary>Returns the hash of a picture whose XXH128 is known.</summary>
    public static string Hash(UInt128 picture) => $"{picture:x32}"[..HashDigits];
}
